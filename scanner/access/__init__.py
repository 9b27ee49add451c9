"""Who can reach a resource: layers that grant, guards that cut, and what is left of them."""

from scanner.access.escalation import Escalation, Escalations, Hop
from scanner.access.judgement import Judgement, Verdict, judgement
from scanner.access.layers import Access, Allowed, Guard, Layer, Undecided, Verb, Who, Witness
from scanner.access.powers import Powers

__all__ = [
    "Access",
    "Allowed",
    "Escalation",
    "Escalations",
    "Guard",
    "Hop",
    "Judgement",
    "Layer",
    "Powers",
    "Undecided",
    "Verb",
    "Verdict",
    "Who",
    "Witness",
    "judgement",
]

"""Privilege escalation: who can become whom, from policies and a dated catalogue of ways."""

from providers.aws.policy.escalation.answers import OUTSIDE, Escalations, Unknown, escalation
from providers.aws.policy.escalation.catalogue import Catalogue, Way, load_catalogue
from providers.aws.policy.escalation.concrete_can import ConcreteCan
from providers.aws.policy.escalation.edges import ADMIN, Potential
from providers.aws.policy.escalation.oracle import Can, Known, Possible
from providers.aws.policy.escalation.power import CAPABILITIES, Held
from providers.aws.policy.escalation.principals import Document, Group, Principal, Principals, Workload

__all__ = [
    "ADMIN",
    "CAPABILITIES",
    "OUTSIDE",
    "Can",
    "Catalogue",
    "ConcreteCan",
    "Document",
    "Escalations",
    "Group",
    "Held",
    "Known",
    "Possible",
    "Potential",
    "Principal",
    "Principals",
    "Unknown",
    "Way",
    "Workload",
    "escalation",
    "load_catalogue",
]

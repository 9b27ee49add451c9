"""Why a principal that was read can, or cannot, do an action on a resource."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from providers.aws.answers.reads import Principal, principals
from providers.aws.answers.rows import abilities_of, plain_request, unread_words
from providers.aws.answers.target import Aim, aim
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import LayerName, Layers
from providers.aws.policy.questions.edits import Situation
from providers.aws.policy.questions.reasons import reasons
from scanner.model import Estate
from scanner.questions import BadInput, Explanation


def why(estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
    """The result, the statements that decide, and what would change it. Raises BadInput for what was not read."""
    everybody = list(principals(estates))
    who = _named(principal, everybody)
    asked = aim(estates, everybody, action, resource)
    abilities = abilities_of(who)
    ability = abilities.can(asked.action, asked.target)
    request = ability.request if ability.answer else None
    plain = plain_request(who, asked, f"{asked.target.arn}{asked.target.suffix.replace('*', 'any')}")
    if request is None or abilities.allows(plain, asked.target):
        request = plain
    found = reasons(_situation(who, asked, request, abilities.layers(asked.target)))
    if request is plain and found.witness is not None:
        # What every request of the principal carries tells a reader nothing.
        found = msgspec.structs.replace(found, witness=msgspec.structs.replace(found.witness, context={}))
    lost = asked.doubt or (unread_words(who) if who.unread else "")
    if lost:
        return msgspec.structs.replace(found, result="unknown", why=lost, edits=())
    if ability.answer is None and found.result != "ExplicitlyDenied":
        return msgspec.structs.replace(found, result="unknown", why=ability.why, edits=())
    return found


def _named(text: str, everybody: Sequence[Principal]) -> Principal:
    """The principal of an ARN, or of a name that only one has."""
    found = [one for one in everybody if one.uid == text] or [one for one in everybody if one.name == text]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(one.uid for one in found)
        raise BadInput("", f"{text!r} may be {names}: give the ARN")
    raise BadInput("", f"no user or role {text!r} was read: give its ARN as `ourside who-can` shows it")


def _situation(who: Principal, asked: Aim, request: Request, layers: Layers) -> Situation:
    names: dict[tuple[LayerName, int], str] = {
        ("identity", index): f"policy {document.name}" for index, document in enumerate(who.documents)
    }
    names["boundary", 0] = who.boundary.name if who.boundary else "boundary"
    names["resource", 0] = asked.policy.name if asked.policy else "the account's own policies"
    return Situation(layers, request, asked.target.account or who.account, names)

"""From layers to a verdict: every one that lets somebody in is confirmed against all documents once more."""

from __future__ import annotations

import msgspec

from providers.gcp.policy.concrete.evaluate import authorize
from providers.gcp.policy.language.request import World
from providers.gcp.policy.language.roles import metadata_of
from providers.gcp.policy.questions.grants import Found
from providers.gcp.policy.questions.parties import parties
from providers.gcp.policy.questions.possible import can_hold
from providers.gcp.policy.questions.targets import RequestDomain, Target
from scanner.access import Judgement, judgement
from scanner.facts import Unread

NOBODY = "only the owner's own"


def verdict(found: Found, world: World, nobody: str = NOBODY) -> Judgement:
    """The verdict; unknown where the concrete evaluator does not agree with it."""
    judged = judgement(found.access, nobody)
    if judged.verdict not in ("public", "cross-account") or judged.witness is None:
        return judged
    request = found.request_of(judged.witness)
    if request is None:
        return judged
    answer = authorize(request, world)
    if answer == "Allowed":
        return judged
    return Judgement("unknown", "not decided", None, f"the two evaluators disagree: {judged.why}, but {answer}")


def with_metadata(judged: Judgement, world: World, service: str, target: Target | None) -> Judgement:
    """Say so, where outsiders can see settings of a resource whose data is private."""
    patterns = metadata_of(service)
    if judged.verdict != "private" or target is None or not patterns:
        return judged
    for node in world.hierarchy.nodes:
        for binding in () if isinstance(node.allow, Unread) else node.allow.bindings:
            sees = any(world.roles.holds(binding.role, pattern.replace("*", "get")) for pattern in patterns)
            if sees and can_hold(binding.condition, RequestDomain(target, None)) is not False:
                for member in binding.members:
                    for party in parties(member, world.owner):
                        why = f"{judged.why}; {party.text} may see metadata through {binding.role}"
                        return msgspec.structs.replace(judged, why=why, flags=(*judged.flags, "metadata"))
    return judged

"""The fewest edits of policies that would allow a request, each of them tried.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from providers.aws.policy.concrete.authorize import Organization, authorize
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import Authorization, Document, LayerName, Layers, Levels, Place
from providers.aws.policy.concrete.rules import ROLE_ACTIONS
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Patterns, Policy, PrincipalName, Principals, Statement
from providers.aws.policy.questions.plain_words import quoted

MOST_EDITS: Final = 3
_Single = Literal["identity", "resource", "boundary", "session", "endpoint"]
_SINGLE: Final[tuple[_Single, ...]] = ("identity", "resource", "boundary", "session", "endpoint")
_LIMITS: Mapping[_Single, str] = MappingProxyType(
    {
        "boundary": "the permissions boundary",
        "session": "the session policy",
        "endpoint": "the policy of the VPC endpoint",
    }
)


class Situation(msgspec.Struct, frozen=True):
    """A request, and all that decides on it."""

    layers: Layers
    request: Request
    resource_account: str
    names: Mapping[tuple[LayerName, int], str] = {}
    """Names of documents, by their layer and index as in a Place; others are called by these two."""
    caller_is: Organization = "member"
    owner_is: Organization = "member"
    is_aws_managed_key: bool = False

    def authorization(self) -> Authorization:
        """The concrete evaluator's answer."""
        return authorize(
            self.layers,
            self.request,
            self.resource_account,
            caller_is=self.caller_is,
            owner_is=self.owner_is,
            is_aws_managed_key=self.is_aws_managed_key,
        )

    def name(self, place: Place) -> str:
        """The document of a place, for a reader."""
        return self.names.get((place.layer, place.document), f"{place.layer} policy {place.document}")


class Edit(msgspec.Struct, frozen=True):
    """One change of one document."""

    text: str
    """In words."""
    layer: LayerName
    level: int = 0
    """For service control policies: which level has to allow."""
    removed: Place | None = None
    """The Deny that goes. Nothing: an Allow of the request is added."""


def smallest_edits(situation: Situation) -> tuple[Edit, ...]:
    """The fewest edits after which the request is allowed; none if it is, or if it takes more than three."""
    now = situation.authorization()
    if now.result == "Allowed":
        return ()
    denials = tuple(_without(place, situation) for place in now.deciding) if now.result == "ExplicitlyDenied" else ()
    candidates = list(_additions(situation))
    for count in range(MOST_EDITS - len(denials) + 1):
        for added in combinations(candidates, count):
            edits = (*denials, *added)
            if edits and edited(situation, edits).authorization().result == "Allowed":
                return edits
    return ()


def edited(situation: Situation, edits: tuple[Edit, ...]) -> Situation:
    """The situation after the edits."""
    # Removed first: what is added to a level moves the places of the levels behind it.
    layers = sparing(situation.layers, [edit.removed for edit in edits if edit.removed is not None])
    for edit in edits:
        if edit.removed is None:
            layers = _allowing(layers, edit, situation.request)
    return msgspec.structs.replace(situation, layers=layers)


def _without(place: Place, situation: Situation) -> Edit:
    text = f"remove the Deny at {situation.name(place)} {place.pointer}, or narrow it so that it spares the request"
    return Edit(text, place.layer, removed=place)


def _additions(situation: Situation) -> Iterator[Edit]:
    """What could be added, the most usual first."""
    request, layers = situation.request, situation.layers
    action = f"{quoted(request.action)} on {quoted(request.resource)}"
    yield Edit(f"add an Allow of {action} to one of the principal's policies", "identity")
    for layer, words in _LIMITS.items():
        # A session of GetFederationToken has only what a session policy lets it have.
        if getattr(layers, layer) or (layer == "session" and ":federated-user/" in request.principal.text):
            yield Edit(f"let {words} allow {action}", layer)
    for level, documents in enumerate(layers.scp):
        first = sum(map(len, layers.scp[:level]))
        name = situation.name(Place("scp", first, "")) if documents else f"level {level}"
        yield Edit(f"let a service control policy beside {name} allow {action}", "scp", level)
    # Last: in its own account a resource's policy can step over the boundary, which is seldom what is wanted.
    yield Edit(f"let the resource's own policy allow {_who(request.principal)} {action}", "resource")


def _who(caller: Caller) -> str:
    return "everyone" if caller.kind == "anonymous" else quoted(caller.text)


def _allowing(layers: Layers, edit: Edit, request: Request) -> Layers:
    # The older version knows no variables: the request's own text stands for itself.
    allow = Policy("2008-10-17", (_allow(edit.layer, request),))
    if edit.layer == "scp":
        levels = tuple((*one, allow) if level == edit.level else one for level, one in enumerate(layers.scp))
        return msgspec.structs.replace(layers, scp=levels)
    return msgspec.structs.replace(layers, **{edit.layer: (*getattr(layers, edit.layer), allow)})


def _allow(layer: LayerName, request: Request) -> Statement:
    """An Allow of the request and nothing else."""
    by_principal = layer in ("resource", "endpoint")
    # A trust policy names no resource.
    is_trust = layer == "resource" and request.action.lower() in ROLE_ACTIONS
    return Statement(
        index=-1,
        pointer="",
        sid="",
        effect="Allow",
        principals=Principals((_principal(request.principal),)) if by_principal else None,
        actions=Patterns((request.action,)),
        resources=None if is_trust else Patterns((request.resource,)),
    )


def _principal(caller: Caller) -> PrincipalName:
    match caller.kind:
        case "anonymous":
            return PrincipalName("everyone", "*")
        case "service":
            return PrincipalName("Service", caller.text)
        case "federated":
            return PrincipalName("Federated", caller.text)
        case "canonical":
            return PrincipalName("CanonicalUser", caller.text)
        case "aws":
            who = named(caller.text)
            return PrincipalName("AWS", who.account if who.kind == "account" else caller.text)


def sparing(layers: Layers, gone: list[Place]) -> Layers:
    """The layers without some statements."""
    if not gone:
        return layers
    single = {layer: _documents(layer, getattr(layers, layer), gone) for layer in _SINGLE}
    return msgspec.structs.replace(
        layers, **single, scp=_levels("scp", layers.scp, gone), rcp=_levels("rcp", layers.rcp, gone)
    )


def _levels(layer: LayerName, levels: Levels, gone: list[Place]) -> Levels:
    found: list[tuple[Document, ...]] = []
    first = 0
    for level in levels:
        found.append(_documents(layer, level, gone, first))
        first += len(level)
    return tuple(found)


def _documents(
    layer: LayerName, documents: tuple[Document, ...], gone: list[Place], first: int = 0
) -> tuple[Document, ...]:
    """The documents without what is gone; an emptied one stays, as it still limits."""
    return tuple(
        msgspec.structs.replace(
            document,
            statements=tuple(
                each
                for each in document.statements
                if not any(
                    (place.layer, place.document, place.pointer) == (layer, index, each.pointer) for place in gone
                )
            ),
        )
        if isinstance(document, Policy)
        else document
        for index, document in enumerate(documents, first)
    )

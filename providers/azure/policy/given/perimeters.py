"""Network security perimeters out of JSON: with whom a resource is associated, and what that means for its endpoint.

https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.model.addresses import Malformed, parse_range
from providers.azure.policy.model.endpoint import Perimeter
from providers.azure.policy.model.scopes import subscription_of
from scanner.facts import Unread

ENFORCED: Final = "enforced"
_MODES: Final = {"": False, "learning": False, "transition": False, ENFORCED: True}
"""Whether the perimeter's rules replace the resource's own. What Audit does is not documented."""
_UNSETTLED: Final = ("failed", "deleting", "canceled")
"""States in which what is stored is not what is enforced."""


class PerimeterRule(msgspec.Struct, frozen=True):
    """A rule by which a perimeter lets somebody in."""

    addresses: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    """Ids of subscriptions whose resources it lets in."""
    perimeters: tuple[str, ...] = ()
    """Ids of perimeters whose resources it lets in."""
    tags: tuple[str, ...] = ()
    """Service tags."""


class Association(msgspec.Struct, frozen=True):
    """A resource's part in a perimeter, as the resource's own service has it."""

    mode: str
    """`enforced`, or `learning`, which the documentation also calls transition; in small letters."""
    rules: tuple[PerimeterRule, ...] | None
    """The rules that let in; nothing where the answer leaves them out."""
    settled: bool = True
    """Nothing says that the service failed to take this over."""


def association(given: Fields) -> Association:
    """One of a resource's `networkSecurityPerimeterConfigurations`."""
    part, profile = given.inner("resourceAssociation"), given.inner("profile")
    issues = (issue.text("severity").casefold() for issue in given.objects("provisioningIssues"))
    settled = given.text("provisioningState").casefold() not in _UNSETTLED and "error" not in issues
    return Association(
        "" if part is None else part.text("accessMode").casefold(),
        None if profile is None else tuple(_inbound(profile.objects("accessRules"))),
        settled,
    )


def _inbound(rules: Iterable[Fields]) -> Iterator[PerimeterRule]:
    for rule in rules:
        direction = rule.text("direction", "Inbound").casefold()
        if direction not in ("inbound", "outbound"):
            rule.refuse("direction", "must be Inbound or Outbound")
        if direction == "inbound":
            yield PerimeterRule(
                rule.texts("addressPrefixes"),
                rule.texts("subscriptions", "id"),
                rule.texts("networkSecurityPerimeters", "id"),
                rule.texts("serviceTags"),
            )


def perimeter(associations: Sequence[Association]) -> Perimeter | Unread | None:
    """What they mean for the resource's endpoint; nothing where it is associated with none."""
    if not associations:
        return None
    for one in associations:
        if one.mode not in _MODES:
            return _unclear(f"what the access mode {one.mode!r} of its network security perimeter does is not known")
        if one.rules is None or not one.settled:
            return _unclear("its network security perimeter is not in force as it is stored, or not told whole")
    enforced = {_MODES[one.mode] for one in associations}
    if len(enforced) > 1:
        return _unclear("it is associated with network security perimeters in different access modes")
    rules = [rule for one in associations for rule in one.rules or ()]
    tags = [Malformed(tag, "is a service tag, whose addresses are not known") for rule in rules for tag in rule.tags]
    return Perimeter(
        enforced == {True},
        (*(parse_range(text) for rule in rules for text in rule.addresses), *tags),
        tuple(subscription_of(text) or text for rule in rules for text in rule.subscriptions),
        tuple(text for rule in rules for text in rule.perimeters),
    )


def _unclear(detail: str) -> Unread:
    return Unread("not-yet-known", detail=detail)

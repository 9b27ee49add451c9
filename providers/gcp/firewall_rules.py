"""VPC firewall rules: what each is about, and which are tried before another.

https://cloud.google.com/firewall/docs/firewalls
https://cloud.google.com/compute/docs/reference/rest/v1/firewalls
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from scanner.facts import Answer

_LAST: Final = 65535
_NUMBERS: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}


class Traffic(msgspec.Struct, frozen=True):
    """A protocol, by its name in lower case or `all`, and ports; 0 to 65535 where none are named."""

    protocol: str
    first: int = 0
    last: int = _LAST


class Rule(msgspec.Struct, frozen=True):
    """A firewall rule, with what Google takes for granted filled in."""

    name: str
    network: str
    in_force: bool
    """Not disabled, and for traffic that comes in."""
    priority: int
    allows: tuple[Traffic, ...] = ()
    denies: tuple[Traffic, ...] = ()
    sources: tuple[str, ...] = ()
    """Address ranges; none where traffic is chosen by what sends it."""
    destinations: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """Machines that it is for, by tag or service account; all where neither is named."""

    def is_before(self, other: Rule) -> bool:
        """Whether it keeps traffic out before `other` lets it in, at every machine that `other` is for.

        The lower number comes first; of two with one number, the refusal does.
        """
        return (
            self.in_force
            and bool(self.denies)
            and self.network == other.network
            and self.priority <= other.priority
            and (
                not self.destinations
                or 0 < len(other.destinations) == len({*other.destinations} & {*self.destinations})
            )
            and (
                not (self.tags or self.accounts)
                or _within(other.tags, self.tags)
                or _within(other.accounts, self.accounts)
            )
        )


def _within(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    return bool(narrow) and set(narrow) <= set(wide)


def rule_of(item: Answer) -> Rule:
    """The rule; without sources of any sort it is for all addresses of IPv4, and its usual priority is 1000."""
    chosen_otherwise = item.get("sourceTags") or item.get("sourceServiceAccounts")
    sources = tuple(item.get("sourceRanges", ()))
    return Rule(
        item["name"],
        network_of(item),
        not item.get("disabled", False) and item.get("direction", "INGRESS") == "INGRESS",
        item.get("priority", 1000),
        tuple(traffic_of(item.get("allowed", ()))),
        tuple(traffic_of(item.get("denied", ()))),
        sources or (() if chosen_otherwise else ("0.0.0.0/0",)),
        tuple(item.get("destinationRanges", ())),
        tuple(item.get("targetTags", ())),
        tuple(item.get("targetServiceAccounts", ())),
    )


def network_of(item: Answer) -> str:
    """The network of a rule, as `my-project/global/networks/default`."""
    return f"/{item['network']}".partition("/projects/")[2] or str(item["network"])


def traffic_of(entries: Iterable[Mapping[str, Any]], member: str = "IPProtocol") -> Iterator[Traffic]:
    """What entries of a rule are about; `member` is how they spell the protocol."""
    for entry in entries:
        protocol = str(entry[member]).lower()
        protocol = _NUMBERS.get(protocol, protocol)
        # Without ports it is for all of them.
        for ports in entry.get("ports") or (f"0-{_LAST}",):
            first, _, last = str(ports).partition("-")
            yield Traffic(protocol, int(first), int(last or first))

"""Cloud SQL: who can open a connection to an instance. A login is still to come.

https://cloud.google.com/sql/docs/mysql/authorize-networks
https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances#ipconfiguration
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.values import Unknown, timestamp
from providers.gcp.policy.services.given import boolean, listing, mapping, read
from scanner.access import Access, Allowed, Guard, Judgement, Layer, Undecided, Witness, judgement
from scanner.facts import Unread
from scanner.questions import Input

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

_LAYER: Final = "authorized networks"
_CONNECT: Final = "open a connection"
_WIDEST: Final[Mapping[int, int]] = {4: 8, 6: 32}
"""A range that is wider than this, or ranges that add up to one, are everybody."""


class Row(msgspec.Struct, frozen=True):
    """An authorized network."""

    text: str
    network: Network | None
    """Nothing where it is none that we can read."""
    over: bool | None = False
    """Whether it has expired; None where that cannot be told."""
    pointer: str = ""


def judge(given: Input, dimension: str) -> Judgement:
    """Who outside can open a connection to the instance."""
    facts = read(given)
    settings = mapping(given, "ipConfiguration")
    merged = {**settings, **{key: value for key, value in given.items() if value is not None}}
    open_to = tuple(rows(listing(merged, "authorizedNetworks"), facts.time))
    public = boolean(merged, "ipv4Enabled")
    unread = Unread("not-yet-known", detail="whether the instance has a public address is not told")
    connectors = connectors_required(merged.get("connectorEnforcement"))
    access = network_access(open_to, unread if public is None else public, connectors=connectors)
    private = private_service(mapping(merged, "pscConfig"), facts.owner)
    return judgement(Access((*access.layers, private), access.guards), "private network only")


def rows(entries: object, now: datetime | None) -> Iterator[Row]:
    """Authorized networks, as texts or as the interface gives them."""
    for index, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        value = entry.get("value", entry.get("cidr")) if isinstance(entry, Mapping) else entry
        until = entry.get("expirationTime") if isinstance(entry, Mapping) else None
        text = value if isinstance(value, str) else ""
        yield Row(text or "an unreadable row", _network(text), _over(until, now), f"/authorizedNetworks/{index}")


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _over(until: object, now: datetime | None) -> bool | None:
    if until is None or until == "":
        return False
    moment = timestamp(until) if isinstance(until, str) else None
    if moment is None or isinstance(moment, Unknown) or now is None:
        return None
    return moment <= now


def connectors_required(enforcement: object) -> bool:
    """Whether only Cloud SQL's connectors may connect, which ask IAM and encrypt; networks then count no more.

    https://cloud.google.com/sql/docs/mysql/connect-connectors
    """
    return enforcement == "REQUIRED"


def network_access(open_to: tuple[Row, ...] | Unread, public: bool | Unread, *, connectors: bool = False) -> Access:
    """The networks that may connect, while the instance has a public address and takes direct connections."""
    guard = Guard("no public address", (_LAYER,), (_LAYER,))
    guards: tuple[Guard, ...] = () if public is True else (guard,)
    if isinstance(public, Unread):
        guards = (Guard("no public address", could_cut=(_LAYER,), unread=public),)
    if connectors:
        guards = (*guards, Guard("connectors are required", (_LAYER,), (_LAYER,)))
    if isinstance(open_to, Unread):
        return Access((Layer(_LAYER, unread=open_to),), guards)
    sure = [row for row in open_to if row.over is False and row.network is not None]
    perhaps = [row for row in open_to if row.over is None and row.network is not None]
    doubts = [Undecided("anyone", "connect", f"{row.text!r} is no network") for row in open_to if _is_unclear(row)]
    if not everybody(sure) and everybody([*sure, *perhaps]):
        doubts.append(Undecided("anyone", "connect", "whether a wide network has expired is not known"))
    doubts += [Undecided("named", "connect", one.why) for one in doubts]
    doubts += [Undecided("named", "connect", f"whether {row.text} has expired is not known") for row in perhaps]
    return Access((Layer(_LAYER, tuple(_allowed(sure)), tuple(doubts)),), guards)


def _is_unclear(row: Row) -> bool:
    return row.network is None and row.over is not True


def _allowed(open_to: list[Row]) -> Iterator[Allowed]:
    if everybody(open_to):
        address = _outside_address(open_to)
        witness = Witness(str(address), _CONNECT, "the instance", statement=open_to[0].pointer)
        text = "any host on the internet" if address is not None else "anyone"
        yield Allowed("anyone", text, "connect", _LAYER, witness)
    for row in open_to:
        if row.network is not None and not _is_internal(row.network):
            witness = Witness(str(row.network[0]), _CONNECT, "the instance", statement=row.pointer)
            yield Allowed("named", f"hosts in {row.network}", "connect", _LAYER, witness)


def everybody(open_to: list[Row]) -> bool:
    """Whether the networks together are so wide that they are everybody."""
    for version in (4, 6):
        networks = [row.network for row in open_to if row.network is not None and row.network.version == version]
        joined = list(ipaddress.collapse_addresses(networks))  # type: ignore[type-var]  # all of one version
        if any(one.prefixlen < _WIDEST[version] for one in joined):
            return True
        if sum(one.num_addresses for one in joined) * 2 >= 1 << joined[0].max_prefixlen if joined else False:
            return True
    return False


def _outside_address(open_to: list[Row]) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    networks = [row.network for row in open_to if row.network is not None]
    widest = min(networks, key=lambda one: one.prefixlen)
    return next((one for one in (widest[-2], widest[0]) if one.is_global), widest[-1])


def _is_internal(network: Network) -> bool:
    """Addresses of private networks never come in over the public address."""
    return network.is_private and (network.version == 6 or any(network.subnet_of(one) for one in _INTERNAL))  # type: ignore[arg-type]  # version 4


_INTERNAL: Final = tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def private_service(config: Mapping[str, object], owner: Owner) -> Layer:
    """Private Service Connect: projects that may connect from their own networks.

    https://cloud.google.com/sql/docs/mysql/about-private-service-connect
    """
    layer = "private service connect"
    projects = config.get("allowedConsumerProjects")
    if config.get("pscEnabled") is False or not isinstance(projects, list | tuple):
        return Layer(layer)
    allowed, doubts = [], []
    for index, project in enumerate(projects):
        owned = owner.owns_project(project) if isinstance(project, str) else None
        pointer = f"/pscConfig/allowedConsumerProjects/{index}"
        if owned is None:
            why = f"whether {project!r} at {pointer} is the owner's"
            doubts.append(Undecided("named", "connect", why, owner.missing))
        elif not owned:
            witness = Witness(f"an endpoint in project {project}", _CONNECT, "the instance", statement=pointer)
            allowed.append(Allowed("named", f"networks of project {project}", "connect", layer, witness))
    return Layer(layer, tuple(allowed), tuple(doubts))

"""The resources that results are about, each once, with all who answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import msgspec

from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.ordered import Ordered
from scanner.report.oscal.known import BACKUP, OWNER, account_uuid, responsible
from scanner.report.oscal.names import markup
from scanner.report.oscal.parts import ComponentUse, InventoryItem, props
from scanner.report.oscal.results import resource_uuid


class Seen(msgspec.Struct, frozen=True):
    """A resource as one finding names it."""

    uid: str
    kind: str
    type: str
    name: str
    provider: str
    account: str
    region: str
    owner: str | None
    backup: str | None


def keep(inventory: Ordered[Seen], finding: Finding) -> None:
    """Keep the resource of a finding."""
    it, whose = finding.resource, finding.responsibility
    seen = Seen(it.uid, it.kind, it.type, it.name, it.provider, it.account, it.region, whose.owner, whose.backup)
    inventory.keep(resource_uuid(it).hex, seen)


def items(inventory: Ordered[Seen]) -> Iterator[str]:
    """The resources in order, as JSON."""
    for key, same_one in groupby(inventory, key=itemgetter(0)):
        yield json_line(_item(key, [seen for _, seen in same_one]))


def _item(key: str, seen: list[Seen]) -> InventoryItem:
    # Every finding names it alike but for its owners; a name that differs must not depend on their order.
    first = min(seen, key=lambda each: (each.type, each.kind, each.name))
    owners = {each.owner for each in seen if each.owner}
    backups = {each.backup for each in seen if each.backup}
    return InventoryItem(
        uuid=UUID(hex=key),
        description=markup(first.name or first.uid),
        props=props(
            uid=first.uid,
            type=first.type or None,
            kind=first.kind or None,
            provider=first.provider or None,
            account=first.account or None,
            region=first.region or None,
        ),
        responsible_parties=responsible({OWNER: owners, BACKUP: backups}),
        implemented_components=(ComponentUse(component_uuid=account_uuid(first.provider, first.account)),),
    )

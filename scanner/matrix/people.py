"""What the customer's files vouch for, in the places that a posture knows."""

from __future__ import annotations

from scanner.accountability.attestations import Attestation, Attestations
from scanner.accountability.contract import Contract
from scanner.matrix.promises import Attested, Inherited, Place, Promises
from scanner.posture import Posture


def promised(attestations: Attestations, contract: Contract, posture: Posture) -> Promises:
    """Attestations, the ended ones too, with the accounts that they cover; and the provider's documents."""
    names = _names(posture)
    attested = (
        Attested(
            duty=duty,
            by=each.who,
            until=each.until,
            evidence=each.evidence,
            rule=each.where,
            places=frozenset(place for place in names if _covers(each, place, names[place])),
        )
        for each in attestations.all
        for duty in each.duties
    )
    documents = (
        Inherited(
            provider=each.provider,
            document=each.title,
            reviewed=each.reviewed,
            review_by=each.review_by,
            url=each.url,
            layers=each.layers,
            rule=each.where,
        )
        for each in contract.documents
    )
    return Promises(tuple(attested), tuple(documents))


def _covers(attestation: Attestation, place: Place, names: set[str]) -> bool:
    provider, _ = place
    if attestation.providers is not None and not attestation.providers.match(provider):
        return False
    return bool(attestation.scopes.match_any(names))


def _names(posture: Posture) -> dict[Place, set[str]]:
    """Each account of a posture with what a file may call it."""
    names: dict[Place, set[str]] = {}
    for scope in posture.scopes:
        above = (name for container in scope.within for name in (container.uid, container.name))
        called = {scope.account, scope.uid, scope.name, *above} - {""}
        names.setdefault((scope.provider, scope.account), set()).update(called)
    for count in posture.inventory:
        names.setdefault((count.provider, count.account), {count.account})
    for counted in posture.counted:
        names.setdefault((counted.group.provider, counted.group.account), {counted.group.account})
    return names

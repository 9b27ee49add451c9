"""The callers of a party, as a domain; and a caller of the search as one of the concrete evaluator."""

from __future__ import annotations

from collections.abc import Iterable

from providers.aws.policy.symbolic import callers, shapes
from providers.aws.policy.symbolic.patterns import literal
from providers.aws.policy.symbolic.scene import SIGNED, Owner, Party
from scanner.access.attribute import Domain
from scanner.access.text import ANY_TEXT, Pattern, texts


def callers_of(party: Party, owner: Owner, shunned: Iterable[str]) -> Domain:
    """Everybody of a party but principals of the accounts in `shunned`."""
    if party.kind == "exact" and not party.name:
        own = tuple(shapes.principal(owner.partition, kind, owner.account) for kind in ("role", "user"))
        return Domain(inside=(texts(own),), absent=False)
    if party.kind not in SIGNED:
        return Domain(inside=(texts((_other(party),)),), absent=False)
    outside = tuple(callers.of_account(literal(account)) for account in sorted(set(shunned)))
    return Domain(
        inside=(texts((shapes.principal(owner.partition, party.kind),)),),
        outside=(texts(outside),) if outside else (),
        absent=False,
    )


def _other(party: Party) -> Pattern:
    match party.kind:
        case "service" if not party.name:
            return (*callers.SERVICE, *shapes.SERVICE_NAME, *".amazonaws.com")
        case "service":
            return literal(callers.SERVICE + party.name)
        case "federated" if not party.name:
            return (*callers.FEDERATED, ANY_TEXT)
        case "federated":
            return literal(callers.FEDERATED + party.name)
        case "canonical":
            return literal(callers.CANONICAL + party.name)
        case "exact":
            return literal(party.name)
        case _:
            return literal(callers.ANONYMOUS)

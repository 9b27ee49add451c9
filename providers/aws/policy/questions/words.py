"""Who an outsider is, for a reader: by the request that was found, and by what the statement demands."""

from __future__ import annotations

from typing import Final

from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.language.names import is_account, named
from providers.aws.policy.language.tree import Statement
from providers.aws.policy.reference.identity_providers import host_of
from providers.aws.policy.symbolic.parties import Visit
from providers.aws.policy.symbolic.principal_keys import CALLER_KEYS
from providers.aws.policy.symbolic.scene import SIGNED, Party

_SHOWN: Final = 3
_PHRASES: Final = {
    "aws:principalorgid": "of organization",
    "aws:principalorgpaths": "of organization path",
    "aws:sourceip": "from",
    "aws:sourcevpc": "inside",
    "aws:sourcevpce": "through",
}
_PINNED: Final = frozenset(
    {
        *("aws:principalorgid", "aws:principalorgpaths", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce"),
        *("aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:userid"),
    }
)


def who(party: Party, statement: Statement, request: Request, visit: Visit) -> str:
    """The outsiders that the request stands for."""
    if party.kind == "service":
        account = _account_behind(request, visit)
        any_customer = visit.level == "anyone" or not account
        behalf = "any customer" if any_customer else f"account {account}"
        return f"{party.name or 'services of AWS'} on behalf of {behalf}"
    if party.kind == "federated":
        return f"users of {host_of(party.name) or party.name}"
    if visit.level == "anyone":
        return "anyone on the internet" if party.kind == "anonymous" else "any AWS account"
    if party.kind == "canonical":
        return f"the account with canonical id {party.name}"
    limits = [
        _limit(key, str(value), statement)
        for key, value in sorted(request.context.items())
        if key not in CALLER_KEYS and _limits(key, statement)
    ]
    return (
        " ".join([_principal(party, request, visit), " and ".join(limits)])
        if limits
        else _principal(party, request, visit)
    )


def _principal(party: Party, request: Request, visit: Visit) -> str:
    if party.kind == "exact":
        return party.name
    account = named(request.principal.text).account if party.kind in SIGNED else ""
    return f"principals of account {account}" if account in visit.document.accounts else "anyone"


def _account_behind(request: Request, visit: Visit) -> str:
    """The account that the document fixes for whom a service works."""
    for key in ("aws:sourceaccount", "aws:sourceowner", "aws:sourcearn"):
        for part in str(request.context.get(key, "")).split(":"):
            if is_account(part) and part in visit.document.accounts:
                return part
    return ""


def _limit(key: str, value: str, statement: Statement) -> str:
    """A limit as its condition states it; by the witness's value where a negated one leaves it open."""
    stated = next((c.values for c in statement.conditions if c.key == key and "Not" not in c.operator), (value,))
    more = f" and {len(stated) - _SHOWN} more" if len(stated) > _SHOWN else ""
    return f"{_PHRASES.get(key, f'with {key}')} {', '.join(stated[:_SHOWN])}{more}"


def _limits(key: str, statement: Statement) -> bool:
    """Whether the key says who the party is, or the statement demands it."""
    return key in _PINNED or any(condition.key == key for condition in statement.conditions)

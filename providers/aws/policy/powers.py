"""What identity policies add up to: everything, or the means to give oneself everything.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Literal

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Decision, Request, applies, decide
from providers.aws.policy.concrete.ternary import Ternary, all_of
from providers.aws.policy.dangerous import EVERYTHING, OVER_ONESELF, OVER_OTHERS, Ask
from providers.aws.policy.domains import UNCLEAR, Domain, always, verdict
from providers.aws.policy.language.names import is_account
from providers.aws.policy.language.tree import Malformed, Policy, Statement

_ANY_ACCOUNT: Final = "999988887777"
_MOST_ACCOUNTS: Final = 3


class Answer(msgspec.Struct, frozen=True):
    """Yes, no or unknown, with the statements that make it so."""

    verdict: Literal["yes", "no", "unknown"]
    statements: tuple[str, ...] = ()
    """`<index of the document>#<JSON pointer>`: those that grant, or might."""
    why: str = ""


class Powers(msgspec.Struct, frozen=True):
    """What a principal can do with all its policies together."""

    full_admin: Answer
    """Every action on every resource."""
    can_become_admin: Answer
    """Actions on any user, role or policy by which it could give itself everything. `no` speaks of single documents'
    grants on arbitrary resources, not of paths by way of one particular role."""


class _Reading(msgspec.Struct, frozen=True):
    """The documents, with every doubt settled against the question or in its favour."""

    policies: tuple[Policy, ...]
    boundary: Policy | None
    favourable: bool


def powers(
    policies: Sequence[Policy | Malformed], boundary: Policy | Malformed | None = None, at: str | None = None
) -> Powers:
    """Weigh the documents together: allowed by one, denied by none, and allowed by the boundary.

    The holder is taken to use TLS and a second factor where that helps; other conditions count as unknown, and those
    on the date too unless `at` (RFC 3339) is given.
    """
    unread = [item.why for item in (*policies, boundary) if isinstance(item, Malformed)]
    surely = _reading(policies, boundary, at, favourable=False)
    perhaps = _reading(policies, boundary, at, favourable=True)
    accounts = _accounts(perhaps)
    everything = _decide(
        all(_allows(surely, ask, accounts) for ask in EVERYTHING),
        all(_allows(perhaps, ask, accounts) for ask in EVERYTHING),
    )
    escalation = _escalation(surely, perhaps, accounts)
    wide = _granting(perhaps, EVERYTHING[:1], accounts)
    steps = [ask for asks in (*OVER_ONESELF, *OVER_OTHERS) for ask in asks]
    lost = any(isinstance(item, Malformed) for item in policies)
    return Powers(
        _answer(everything, wide, unread, lost),
        _answer(escalation, wide + _granting(perhaps, steps, accounts), unread, lost),
    )


def _answer(decided: Ternary, statements: tuple[str, ...], unread: list[str], lost: bool) -> Answer:
    """A document that cannot be read may deny what others allow, and, beside the boundary, allow what none does."""
    if unread and (decided is not False or lost):
        return Answer("unknown", statements, f"a document cannot be read: {unread[0]}")
    if decided is None:
        return Answer("unknown", statements, "it depends on conditions, variables or forms that AWS leaves undefined")
    return Answer("yes", tuple(dict.fromkeys(statements))) if decided else Answer("no")


def _decide(surely: bool, perhaps: bool) -> Ternary:
    return True if surely else None if perhaps else False


def _escalation(surely: _Reading, perhaps: _Reading, accounts: Sequence[str]) -> Ternary:
    """A boundary also bounds what one gives oneself, unless it lets everything through."""
    boundary = surely.boundary
    unbounded = boundary is None or all(_passes(boundary, ask, accounts, favourable=False) for ask in EVERYTHING)

    def reaches(reading: _Reading, sets: Sequence[Sequence[Ask]]) -> bool:
        return any(all(_allows(reading, ask, accounts) for ask in asks) for asks in sets)

    if reaches(surely, OVER_OTHERS) or (unbounded and reaches(surely, OVER_ONESELF)):
        return True
    return None if reaches(perhaps, (*OVER_OTHERS, *OVER_ONESELF)) else False


def _allows(reading: _Reading, ask: Ask, accounts: Iterable[str]) -> bool:
    return any(
        _union(reading, request) and (reading.boundary is None or _lets(reading.boundary, request, reading.favourable))
        for request in _requests(ask, accounts)
    )


def _passes(policy: Policy, ask: Ask, accounts: Iterable[str], *, favourable: bool) -> bool:
    return any(_lets(policy, request, favourable) for request in _requests(ask, accounts))


def _union(reading: _Reading, request: Request) -> bool:
    answers: list[Decision] = [decide(policy, request) for policy in reading.policies]
    if "deny" in answers:
        return False
    if reading.favourable:
        return "allow" in answers or "unknown" in answers
    return "allow" in answers and "unknown" not in answers


def _lets(policy: Policy, request: Request, favourable: bool) -> bool:
    answer = decide(policy, request)
    return answer == "allow" or (favourable and answer == "unknown")


def _requests(ask: Ask, accounts: Iterable[str]) -> Iterator[Request]:
    for account in accounts:
        yield Request(Caller.account(account), ask.action, ask.resource.format(account=account))


def _accounts(reading: _Reading) -> tuple[str, ...]:
    """Account numbers for arbitrary resources: a strange one, and those that the documents limit themselves to."""
    texts = (
        text
        for policy in reading.policies
        for s in policy.statements
        for text in (s.resources.values if s.resources else ())
    )
    inside = (part for text in texts for part in text.split(":")[4:5] if is_account(part))
    return (_ANY_ACCOUNT, *islice(dict.fromkeys(inside), _MOST_ACCOUNTS))


def _granting(reading: _Reading, asks: Iterable[Ask], accounts: Sequence[str]) -> tuple[str, ...]:
    requests = [request for ask in asks for request in _requests(ask, accounts)]
    return tuple(
        f"{index}#{statement.pointer}"
        for index, policy in enumerate(reading.policies)
        for statement in policy.statements
        if statement.effect == "Allow"
        and any(applies(statement, request, policy.version) is not False for request in requests)
    )


def _reading(
    policies: Sequence[Policy | Malformed], boundary: Policy | Malformed | None, at: str | None, *, favourable: bool
) -> _Reading:
    empty = Policy("2012-10-17", ())
    read = tuple(empty if isinstance(p, Malformed) else _settled(p, at, favourable) for p in policies)
    bound = None if boundary is None or isinstance(boundary, Malformed) else _settled(boundary, at, favourable)
    return _Reading(read, bound, favourable)


def _settled(policy: Policy, at: str | None, favourable: bool) -> Policy:
    """The policy without conditions: each statement stays if it holds, or if keeping it suits the reading."""
    kept: list[Statement] = []
    for statement in policy.statements:
        held = all_of(
            verdict(condition, _domain(condition.key, at), "named", policy.version)
            for condition in statement.conditions
        )
        suits = favourable is (statement.effect == "Allow")
        if held or (held is None and suits):
            kept.append(msgspec.structs.replace(statement, conditions=()))
    return msgspec.structs.replace(policy, statements=tuple(kept))


def _domain(key: str, at: str | None) -> Domain:
    if key in ("aws:multifactorauthpresent", "aws:securetransport"):
        return always("true")
    return always(at) if key == "aws:currenttime" and at else UNCLEAR

"""Concrete values for condition keys: out of the patterns that a document compares a key with, and fresh ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from providers.aws.policy.concrete.glob import ANYTHING, Pattern, is_fixed, literal, meet
from providers.aws.policy.concrete.variables import expand
from providers.aws.policy.domains import Domain, Level, identity_of, is_private, is_wide, merged
from providers.aws.policy.keys import ACCOUNT
from providers.aws.policy.language.names import is_account
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Policy
from providers.aws.policy.language.values import instant, network, number

FRESH_ACCOUNTS: Final = ("999988887777", "888877776666", "777766665555")
_FRESH_ADDRESSES: Final = (
    "198.51.100.77",
    "203.0.113.77",
    "192.0.2.77",
    "8.8.8.8",
    "2600:1f18::77",
    "2a00:1450::77",
    "9.9.9.9",
)
_DAY: Final = 86400


def on_account(domain: Domain, account: str) -> Domain:
    """The domain for a caller of one account: wherever a value holds an account, it is that one."""
    return Domain(
        tuple(_with_account(language, account) for language in domain.languages),
        domain.absent,
        domain.pin,
        domain.own,
        domain.multi,
        domain.chosen,
    )


def _with_account(language: Pattern, account: str) -> Pattern:
    for start in range(len(language) - len(ACCOUNT) + 1):
        if language[start : start + len(ACCOUNT)] == ACCOUNT:
            return (*language[:start], *account, *language[start + len(ACCOUNT) :])
    return language


def values_for(domain: Domain, conditions: Iterable[Condition], policy: Policy, level: Level) -> list[str]:
    """Values of the domain worth trying, for a key that these conditions test. At `anyone`, none that is named."""
    mine = list(conditions)
    if domain.pin == "address":
        return list(dict.fromkeys(_addresses(mine, level)))
    found: list[str] = []
    named: set[str] = set()
    for condition in mine:
        operator = OPERATORS.get(condition.operator)
        if operator is None or operator.kind == "null":
            continue
        for text in condition.values:
            if operator.kind not in ("text", "arn"):
                found.extend(_near(text, domain))
                continue
            pattern = expand(text, policy.version, {}, wildcards=operator.wildcards)
            if isinstance(pattern, str):
                continue
            identity = identity_of(pattern, domain.pin, in_parts=operator.kind == "arn")
            named.update(() if identity is None else (identity,))
            found.extend(value for language in domain.languages if (value := meet(pattern, language)) is not None)
    found.extend(value for language in domain.languages if (value := meet(ANYTHING, language)) is not None)
    shunned = named if level == "anyone" else domain.own
    return [
        value for value in dict.fromkeys(found) if identity_of(literal(value), domain.pin, in_parts=True) not in shunned
    ]


def _near(text: str, domain: Domain) -> Iterator[str]:
    """The value of a comparison, and its neighbours on both sides."""
    if all(is_fixed(language) for language in domain.languages):
        return
    at = number(text)
    if at is not None:
        yield from (str(at), str(at + 1), str(at - 1))
        return
    moment = instant(text)
    if moment is not None:
        yield from (text, str(moment + Decimal(_DAY)), str(moment - Decimal(_DAY)))
        return
    if network(text) is not None:
        yield str(network(text)).partition("/")[0]
    yield text


def _addresses(conditions: list[Condition], level: Level) -> Iterator[str]:
    """Public addresses: at `anyone` outside every narrow range, at `named` also inside them."""
    written = [network(text) for condition in conditions for text in condition.values]
    ranges = merged(one for one in written if one is not None)
    narrow = [one for one in ranges if not is_wide(one)]
    for one in ranges:
        if is_private(one):
            continue
        if is_wide(one) or level == "named":
            yield str(one[one.num_addresses // 2])
    for address in _FRESH_ADDRESSES:
        single = network(address)
        inside = single is not None and any(
            one.version == single.version and single.network_address in one for one in narrow
        )
        if level == "named" or not inside:
            yield address


def accounts_in(policy: Policy) -> list[str]:
    """Every account number that the document holds, in order."""
    texts = [
        *(name.text for statement in policy.statements if statement.principals for name in statement.principals.names),
        *(value for statement in policy.statements for each in statement.conditions for value in each.values),
    ]
    return list(dict.fromkeys(part for text in texts for part in text.split(":") if is_account(part)))


def wild_accounts(policy: Policy) -> Iterator[str]:
    """Account numbers that patterns of the document leave open."""
    for statement in policy.statements:
        for condition in statement.conditions:
            operator = OPERATORS.get(condition.operator)
            if operator is None or operator.kind not in ("text", "arn"):
                continue
            for text in condition.values:
                for part in text.split(":"):
                    pattern = expand(part, policy.version, {}, wildcards=operator.wildcards)
                    account = None if isinstance(pattern, str) or is_fixed(pattern) else meet(pattern, ACCOUNT)
                    if account is not None and account != "0" * 12:
                        yield account

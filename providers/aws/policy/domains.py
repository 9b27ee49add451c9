"""What a condition key may hold in the requests of a party, and what a condition says of all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final, Literal

import msgspec

from providers.aws.policy.concrete.conditions import when_absent
from providers.aws.policy.concrete.glob import ANYTHING, Pattern, covers, is_fixed, literal, lowered, meet, split
from providers.aws.policy.concrete.matching import matches_plain
from providers.aws.policy.concrete.ternary import Ternary, invert
from providers.aws.policy.concrete.variables import expand, has_variables
from providers.aws.policy.language.names import is_account
from providers.aws.policy.language.operators import OPERATORS, Operator
from providers.aws.policy.language.tree import Condition, Version
from providers.aws.policy.language.values import network

Level = Literal["anyone", "named"]
"""`anyone`: parties that the document does not name. `named`: whoever is not of the owner's account."""

Pin = Literal["", "whole", "before-slash", "before-colon", "two-colons", "arn", "address"]
"""Which part of a value says whose it is, and cannot be chosen: a pattern that fixes that part names a party."""

_Overlap = Literal["all", "none", "some"]
_PRIVATE: Final = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)


class Domain(msgspec.Struct, frozen=True):
    """The values of one key over all requests of a party."""

    languages: tuple[Pattern, ...] = (ANYTHING,)
    """Every possible value matches one of these; empty: the key is never there."""
    absent: bool = True
    """Whether requests may lack the key."""
    pin: Pin = ""
    own: frozenset[str] = frozenset()
    """Identities of the owner; they are no outsiders."""
    multi: bool = False
    chosen: bool = True
    """Whether every value of the languages can really be had, so that one may stand in a witness."""


NEVER: Final = Domain(languages=())
UNCLEAR: Final = Domain(chosen=False)


def always(*values: str) -> Domain:
    """A key that is on every request, with one of these values."""
    return Domain(tuple(literal(value) for value in values), absent=False)


def verdict(condition: Condition, domain: Domain, level: Level, version: Version) -> Ternary:
    """True: holds for every request of the party. False: for none. None: neither is proven."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values:
        return None
    if operator.kind == "null":
        return _null(condition, domain)
    possible: set[Ternary] = set()
    if domain.absent or not domain.languages:
        possible.add(when_absent(condition, operator))
    if domain.languages:
        possible.add(_present(condition, operator, domain, level, version))
    if domain.multi and condition.qualifier:
        possible.add(condition.qualifier == "ForAllValues")
    return possible.pop() if len(possible) == 1 else None


def _null(condition: Condition, domain: Domain) -> Ternary:
    if condition.if_exists or condition.qualifier or len(set(condition.values)) != 1:
        return None
    if condition.values[0] not in ("true", "false") or (domain.absent and domain.languages):
        return None
    return (condition.values[0] == "true") is not bool(domain.languages)


def _present(condition: Condition, operator: Operator, domain: Domain, level: Level, version: Version) -> Ternary:
    if domain.multi and not condition.qualifier:
        return None
    if operator.kind == "address" and domain.pin == "address":
        overlap = _addresses(condition.values, level)
    else:
        overlap = _union(_overlap(operator, text, domain, level, version) for text in condition.values)
    answer = {"all": True, "none": False, "some": None}[overlap]
    return invert(answer) if operator.negated else answer


def _union(overlaps: Iterable[_Overlap]) -> _Overlap:
    found = set(overlaps)
    return "all" if "all" in found else "none" if found == {"none"} else "some"


def _each(overlaps: Iterable[_Overlap]) -> _Overlap:
    found = set(overlaps)
    return found.pop() if len(found) == 1 else "some"


def _overlap(operator: Operator, text: str, domain: Domain, level: Level, version: Version) -> _Overlap:
    """How much of the domain one alternative of a condition matches."""
    if operator.kind not in ("text", "arn"):
        return _each(_plain(operator, text, language) for language in domain.languages)
    if domain.pin == "address" or has_variables(text, version):
        return "some"
    pattern = expand(text, version, {}, wildcards=operator.wildcards)
    if isinstance(pattern, str):
        return "some"
    identity = identity_of(pattern, domain.pin, in_parts=operator.kind == "arn")
    if identity is not None and (level == "anyone" or identity in domain.own):
        return "none"
    return _each(_against(operator, pattern, language) for language in domain.languages)


def _plain(operator: Operator, text: str, language: Pattern) -> _Overlap:
    if not is_fixed(language):
        return "some"
    answer = matches_plain(operator, text, "".join(str(token) for token in language))
    return "some" if answer is None else "all" if answer else "none"


def _against(operator: Operator, pattern: Pattern, language: Pattern) -> _Overlap:
    if operator.kind == "arn":
        wanted, given = split(pattern, ":", 6), split(language, ":", 6)
        if len(wanted) < 6 or len(given) < 6:
            return "some"
        pairs = list(zip(wanted, given, strict=True))
    else:
        fold = lowered if operator.ignore_case else tuple
        pairs = [(fold(pattern), fold(language))]
    if any(meet(wanted, given) is None for wanted, given in pairs):
        return "none"
    return "all" if all(covers(wanted, given) for wanted, given in pairs) else "some"


def identity_of(pattern: Pattern, pin: Pin, *, in_parts: bool) -> str | None:
    """Whose the values are that a pattern matches, if it leaves no choice: an account, an organization, an id ..."""
    match pin:
        case "":
            return None
        case "whole" | "address":
            return _text(pattern)
        case "before-slash":
            parts = split(pattern, "/", 2)
            return _text(parts[0]) if len(parts) == 2 else None
        case "before-colon":
            return _text(split(pattern, ":", 2)[0])
        case "two-colons":
            parts = split(pattern, ":", 3)
            return _text((*parts[0], ":", *parts[1])) if len(parts) == 3 else None
        case "arn":
            return _arn_identity(pattern, in_parts)


def _arn_identity(pattern: Pattern, in_parts: bool) -> str | None:
    """The account of an ARN, or the name of a bucket, whose ARN has no account.

    Where text is compared as a whole, a `*` further left could swallow colons, so that nothing behind it is certain.
    """
    parts = split(pattern, ":", 6)
    if len(parts) < 6 or not (in_parts or all(is_fixed(part) for part in parts[:4])):
        return None
    account = _text(parts[4])
    if account is not None and is_account(account):
        return account
    if _text(parts[2]) != "s3" or (account is None and not in_parts):
        return None
    return _text(parts[5])


def _text(pattern: Pattern) -> str | None:
    return "".join(str(token) for token in pattern) if is_fixed(pattern) else None


def _addresses(values: tuple[str, ...], level: Level) -> _Overlap:
    """Ranges up to IPv4 /8 and IPv6 /32 name a network; wider ones are everybody, as S3 has it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    ranges = [network(value) for value in values]
    whole = merged(one for one in ranges if one is not None)
    if None in ranges:
        return "some"
    if {ip_network("0.0.0.0/0"), ip_network("::/0")} <= set(whole):
        return "all"
    outside = [one for one in whole if (is_wide(one) if level == "anyone" else not is_private(one))]
    return "some" if outside else "none"


def merged(ranges: Iterable[IPv4Network | IPv6Network]) -> list[IPv4Network | IPv6Network]:
    """The ranges with neighbours joined: many narrow ones can make a wide one."""
    every = list(ranges)
    return [
        *collapse_addresses(one for one in every if isinstance(one, IPv4Network)),
        *collapse_addresses(one for one in every if isinstance(one, IPv6Network)),
    ]


def is_wide(one: IPv4Network | IPv6Network) -> bool:
    """Whether a range is everybody."""
    return one.prefixlen < (8 if one.version == 4 else 32)


def is_private(one: IPv4Network | IPv6Network) -> bool:
    """Whether no request over the internet comes from the range."""
    return any(
        isinstance(one, type(private)) and one.subnet_of(private)  # type: ignore[arg-type]  # same version by then
        for private in _PRIVATE
    )

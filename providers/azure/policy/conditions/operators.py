"""What an operator says of two values. None: the operator is not known, or a value is not of its kind.

https://learn.microsoft.com/azure/role-based-access-control/conditions-format#operators
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from scanner.ternary import Ternary, invert

Compare = Callable[[str, str], Ternary]
_IGNORE_CASE = "ignorecase"


def compare(operator: str, left: str, right: str) -> Ternary:
    """Whether `left operator right` holds, the operator in small letters."""
    return _one(operator)(left, right)


def _one(operator: str) -> Compare:
    if operator.startswith("string"):
        name = operator.removeprefix("string").removesuffix(_IGNORE_CASE)
        ignores = operator.endswith(_IGNORE_CASE)
        negated = name.startswith("not")
        plain = _TEXTS.get(name.removeprefix("not"))
        return _unknown if plain is None else _text(plain, ignores=ignores, negated=negated)
    for family, read in _ORDERED.items():
        order = _ORDERS.get(operator.removeprefix(family)) if operator.startswith(family) else None
        if order is not None:
            return _ordered(read, order)
    return _EXACT.get(operator, _unknown)


def _unknown(left: str, right: str) -> Ternary:
    return None


def _text(plain: Callable[[str, str], Ternary], *, ignores: bool, negated: bool) -> Compare:
    def answer(left: str, right: str) -> Ternary:
        found = plain(left.casefold(), right.casefold()) if ignores else plain(left, right)
        return invert(found) if negated else found

    return answer


def _like(text: str, pattern: str) -> Ternary:
    """`*` any characters, `?` one; a backslash takes its meaning from either."""
    tokens: list[str] = []
    escaped = False
    for character in pattern:
        if escaped:
            tokens.append(character if character in "*?" else "\\" + character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            tokens.append({"*": "any", "?": "one"}.get(character, character))
    if escaped or any(len(token) == 2 for token in tokens):
        return None  # what a backslash before another character means is not documented
    reached = {0}
    for character in [*text, None]:
        spread = set()
        for place in reached:
            at = place
            spread.add(at)
            while at < len(tokens) and tokens[at] == "any":
                at += 1
                spread.add(at)
        if character is None:
            return len(tokens) in spread
        reached = {
            place if tokens[place] == "any" else place + 1
            for place in spread
            if place < len(tokens) and tokens[place] in ("any", "one", character)
        }
    return None


def _number(text: str) -> int | None:
    """An integer; others are not supported by Azure."""
    digits = text.strip()
    return int(digits) if digits.removeprefix("-").isdecimal() and digits.isascii() and len(digits) < 40 else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _ordered(read: Callable[[str], float | datetime | None], wanted: tuple[int, ...]) -> Compare:
    def answer(left: str, right: str) -> Ternary:
        a, b = read(left), read(right)
        if a is None or b is None:
            return None
        return ((a > b) - (a < b)) in wanted  # type: ignore[operator]  # both are of the one kind that `read` gives

    return answer


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def _same_identifier(left: str, right: str) -> Ternary:
    a, b = _identifier(left), _identifier(right)
    return None if a is None or b is None else a == b


def _same_truth(left: str, right: str) -> Ternary:
    a, b = left.strip().casefold(), right.strip().casefold()
    return a == b if {a, b} <= {"true", "false"} else None


_TEXTS: Final[dict[str, Callable[[str, str], Ternary]]] = {
    "equals": lambda left, right: left == right,
    "startswith": lambda left, right: left.startswith(right),
    "like": _like,
}
_ORDERS: Final = {
    "equals": (0,),
    "notequals": (-1, 1),
    "lessthan": (-1,),
    "lessthanequals": (-1, 0),
    "greaterthan": (1,),
    "greaterthanequals": (0, 1),
}
_ORDERED: Final[dict[str, Callable[[str], float | datetime | None]]] = {"numeric": _number, "datetime": _moment}
_EXACT: Final[dict[str, Compare]] = {
    "boolequals": _same_truth,
    "boolnotequals": lambda left, right: invert(_same_truth(left, right)),
    "guidequals": _same_identifier,
    "guidnotequals": lambda left, right: invert(_same_identifier(left, right)),
}

"""Evaluates a condition against one request, in three values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from providers.azure.policy.concrete.matching import matches
from providers.azure.policy.conditions.operators import compare
from providers.azure.policy.conditions.parse import parse
from providers.azure.policy.conditions.tree import (
    Comparison,
    Exists,
    Expression,
    Joined,
    Matches,
    Not,
    Unreadable,
    Values,
)
from providers.azure.policy.model.requests import Request
from scanner.ternary import Ternary, all_of, any_of, invert

VERSIONS: Final = ("", "2.0")
MOST_PAIRS = 100_000
"""Comparisons of one value with another in one condition."""

_Fold = Callable[[Iterable[Ternary]], Ternary]
_SETS: Final[dict[str, tuple[_Fold, _Fold]]] = {
    "foranyofanyvalues": (any_of, any_of),
    "forallofanyvalues": (all_of, any_of),
    "foranyofallvalues": (any_of, all_of),
    "forallofallvalues": (all_of, all_of),
}
"""How the left values, and for each the right ones, are taken together."""


def holds(condition: str, version: str, request: Request) -> Ternary:
    """Whether the condition lets the request through; None where that cannot be told. None at all: it does."""
    if not condition.strip():
        return True
    if version.strip() not in VERSIONS:
        return None
    tree = parse(condition)
    return None if isinstance(tree, Unreadable) else _Evaluation(request).of(tree)


class _Evaluation:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._pairs = 0

    def of(self, tree: Expression) -> Ternary:
        match tree:
            case Joined(word="and", parts=parts):
                return all_of(self.of(part) for part in parts)
            case Joined(parts=parts):
                return any_of(self.of(part) for part in parts)
            case Not(of=inner):
                return invert(self.of(inner))
            case Matches(what="action", patterns=patterns):
                return any(matches(pattern, self._request.action) for pattern in patterns)
            case Matches(patterns=patterns):
                return self._sub_operation(patterns)
            case Exists(attribute=attribute):
                values, known = self._request.values(attribute.source, attribute.name)
                return bool(values) if known else None
            case Comparison():
                return self._compared(tree)

    def _sub_operation(self, patterns: tuple[str, ...]) -> Ternary:
        mine = self._request.sub_operation
        return None if mine is None else any(mine.casefold() == pattern.casefold() for pattern in patterns)

    def _compared(self, tree: Comparison) -> Ternary:
        left, right = self._texts(tree.left), self._texts(tree.right)
        if left is None or right is None:
            return None
        quantifier, colon, operator = tree.operator.partition(":")
        self._pairs += len(left) * len(right)
        if self._pairs > MOST_PAIRS:
            return None
        if not colon:
            # Sets under an operator for single values are not documented.
            return compare(tree.operator, left[0], right[0]) if len(left) == len(right) == 1 else None
        folds = _SETS.get(quantifier)
        if folds is None:
            return None
        outer, inner = folds
        return outer(inner(compare(operator, one, other) for other in right) for one in left)

    def _texts(self, operand: object) -> tuple[str, ...] | None:
        """The values; nothing where they are not known or absent, which no comparison is documented for."""
        if isinstance(operand, Values):
            return operand.texts
        values, _ = self._request.values(operand.source, operand.name)  # type: ignore[attr-defined]  # else an Attribute
        return values or None

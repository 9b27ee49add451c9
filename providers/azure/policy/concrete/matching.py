"""Whether an action is one of those that a pattern names.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions#operations-format
"""

from __future__ import annotations

from collections.abc import Iterable


def matches(pattern: str, action: str) -> bool:
    """`*` stands for any characters, also none; case does not matter."""
    parts = pattern.casefold().split("*")
    text = action.casefold()
    if len(parts) == 1:
        return parts[0] == text
    first, last = parts[0], parts[-1]
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def matches_any(patterns: Iterable[str], action: str) -> bool:
    """Whether one of the patterns names the action."""
    return any(matches(pattern, action) for pattern in patterns)

"""Names with `*` and `?`: matched in steps that the lengths bound, because the names are somebody else's."""

from __future__ import annotations


def is_glob(pattern: str) -> bool:
    """Whether a text stands for more than itself."""
    return "*" in pattern or "?" in pattern


def matches(pattern: str, name: str) -> bool:
    """Whether a name is what a pattern stands for."""
    at, star, retry = 0, -1, 0
    position = 0
    while position < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, retry, at = at, position, at + 1
        elif at < len(pattern) and pattern[at] in ("?", name[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            retry += 1
            at, position = star + 1, retry
        else:
            return False
    return all(character == "*" for character in pattern[at:])

"""Text that others wrote, made safe to print: nothing in it can steer a terminal or hide."""

from __future__ import annotations

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode counts as printable and that print nothing."""
_SELECTORS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
"""Variation selectors: they print nothing either, and any text can be hidden in a row of them."""


def visible(text: str) -> str:
    """The text with each character that does not show as itself written as its escape, such as `\\x1b` or `\\u202e`.

    That is all that Unicode does not call printable: controls, line ends, marks of direction, zero widths, blanks
    other than the space, lone surrogates, private and unassigned characters. For the eye: it cannot be turned back.
    https://docs.python.org/3/library/stdtypes.html#str.isprintable
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_Shown())


class _Shown(dict[int, str]):
    """What each character is shown as, found out once in a text: a long one has few that differ."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = character if _shows(character) else character.encode("unicode_escape").decode("ascii")
        self[code] = shown
        return shown


def _shows(character: str) -> bool:
    if not character.isprintable() or character in _BLANK:
        return False
    return not any(ord(character) in selectors for selectors in _SELECTORS)

"""Texts as ASFF takes them: not blank, in one line, no longer than they may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ELLIPSIS = "…"


def fitting(text: str, octets: int, otherwise: str = "-") -> str:
    """The text in one line, cut with an ellipsis where it is too long; `otherwise` where it is blank.

    Limits are counted in octets of UTF-8: AWS says "length" and counts bytes where it explains itself
    (https://repost.aws/questions/QUNu9bZOlMSmawdunYzE9tMg), and what fits so fits by characters as well. One line,
    because its pattern for texts, `.*\\S.*`, need not match across line ends.
    """
    encoded = " ".join(text.splitlines()).encode("utf-8", "backslashreplace")
    if len(encoded) > octets:
        encoded = encoded[: octets - len(ELLIPSIS.encode())] + ELLIPSIS.encode()
    cut = encoded.decode("utf-8", "ignore")
    # By the space that AWS's pattern knows: to Python, an exotic one is space as well.
    return cut if cut.strip() else otherwise


def fields(values: Iterable[tuple[str, str | None]], name: int, value: int, most: int) -> Mapping[str, str]:
    """Names and values that fit, at most so many; what is blank is left out."""
    fit: dict[str, str] = {}
    for given, text in values:
        if text and text.strip() and given.strip() and len(fit) < most:
            fit.setdefault(fitting(given, name), fitting(text, value))
    return fit

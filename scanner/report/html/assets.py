"""The page's one script and one style, and the policy that lets a browser run and apply these and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

STYLES = ("colours", "page", "summary", "matrix", "findings", "finding", "print")
SCRIPTS = (
    "words", "elements", "data", "line", "facets", "search", "order", "address", "sidebar", "rows", "list", "parts",
    "finding", "download", "start",
)  # fmt: skip
"""In this order: each uses only what stands before it."""


@cache
def style() -> str:
    """The style sheet."""
    return "".join(_text("style", f"{name}.css") for name in STYLES)


@cache
def script() -> str:
    """The script: all of it in one scope, so that nothing of it can be reached from outside."""
    return '"use strict";\n{\n' + "".join(_text("script", f"{name}.js") for name in SCRIPTS) + "}\n"


def _text(folder: str, name: str) -> str:
    return (files("scanner.report.html") / folder / name).read_text("utf-8")


@cache
def policy() -> str:
    """What the page may do: run its script, apply its style, show pictures that it holds. It can ask nobody.

    https://www.w3.org/TR/CSP3/#delivery-html-meta-element
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script())}'",
            f"style-src '{_digest(style())}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    """A hash-source: https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"

"""The names that a customer's files may use: of duties, layers, checks and providers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from scanner.check import Check
from scanner.responsibility.model import ResponsibilityModel


@dataclass(frozen=True, slots=True)
class Known:
    """What is installed, by name."""

    duties: Mapping[str, str]
    """Each duty with its layer."""
    layers: Mapping[str, str]
    """Each layer with its band: `customer-fixed`, `variable` or `provider-fixed`."""
    checks: Mapping[str, str]
    """Each check with its duty."""
    providers: Collection[str]
    pages: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By provider, the addresses of the pages that its description cites."""


def known_names(model: ResponsibilityModel, checks: Iterable[Check[Any]], providers: Collection[str]) -> Known:
    """The names of a model, of installed checks and of installed providers."""
    return Known(
        {duty.id: duty.layer for duty in model.core.duties},
        {layer.id: layer.band for layer in model.core.layers},
        {check.id: check.duty for check in checks},
        tuple(sorted(providers)),
        {document.provider: tuple(page.url for page in document.sources) for document in model.providers},
    )


def nearest(name: str, known: Collection[str], otherwise: str = "") -> str:
    """Words that lead from a name that does not exist to one that does."""
    near = get_close_matches(name, sorted(known), 1, 0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    if otherwise:
        return otherwise
    return f"choose among {', '.join(sorted(known)) or 'none'}"

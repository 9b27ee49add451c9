"""Scopes as a reader of the page knows them."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.record import ScopeRecord


def scope_name(scope: ScopeRecord, clouds: Mapping[str, str]) -> str:
    """The cloud's title and the scope's name."""
    return " ".join(
        filter(None, (clouds.get(scope.provider, scope.provider), scope.name or scope.account or scope.uid))
    )

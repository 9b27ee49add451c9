"""What scopes lie in is known only where all of it was told."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from scanner.placing import placed
from scanner.provider import Target
from scanner.scope import Container, Scope

SHOP = Scope("lab", "lab", "1", "lab::1", "shop")
ABOVE = (Container("organization", "lab::o", "acme"),)


class Teller:
    """A session that tells it, unless it slips."""

    def __init__(self, slips: str) -> None:
        self.slips = slips

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        if self.slips == "before":
            raise KeyError("groups")

    def place(self, scope: Scope) -> Scope:
        if self.slips == "there":
            raise KeyError("parent")
        return msgspec.structs.replace(scope, within=ABOVE, unplaced="denied" if self.slips == "refused" else "")


@pytest.mark.parametrize("slips", ["before", "there", "refused", "nowhere"])
def test_a_slip_or_a_refusal_leaves_it_open(slips: str) -> None:
    (scope,) = placed(Teller(slips), Target((SHOP,))).scopes  # type: ignore[arg-type]  # a session in this alone
    assert scope.placed == (slips == "nowhere")
    assert bool(scope.unplaced) == (slips != "nowhere")

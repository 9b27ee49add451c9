"""Takes back every claim that the concrete evaluator does not bear out."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from scanner.access import Access, Allowed, Layer, Undecided, Witness
from scanner.ternary import Ternary

Check = Callable[[Witness, Allowed], Ternary]
DISAGREEMENT = "the two evaluators disagree on a request: a defect of this program"


def confirmed(access: Access, check: Check) -> Access:
    """The same access, where each party that gets in has a witness which `check` lets in too; else it is undecided."""
    return replace(access, layers=tuple(_layer(access, layer, check) for layer in access.layers))


def _layer(access: Access, layer: Layer, check: Check) -> Layer:
    if any(layer.name in guard.could_cut for guard in access.guards if guard.unread):
        return layer  # nothing is claimed of it
    kept: list[Allowed] = []
    doubts = list(layer.undecided)
    for one in layer.allowed:
        cut = any(layer.name in (g.cuts if one.who == "anyone" else g.cuts_named) for g in access.guards)
        if cut or (one.witness is not None and check(one.witness, one) is True):
            kept.append(one)
        else:
            doubts.append(Undecided(one.who, one.may, DISAGREEMENT))
    return replace(layer, allowed=tuple(kept), undecided=tuple(doubts))

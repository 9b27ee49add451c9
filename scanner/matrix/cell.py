"""A cell of the matrix: exactly one state, and what stands behind it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from scanner.check import Severity
from scanner.facts import Why
from scanner.matrix.counts import Counts
from scanner.matrix.promises import Attested, Inherited
from scanner.responsibility.attribution import Owner

State: TypeAlias = Literal["violated", "no-violation-found", "not-assessed", "attested", "provider"]
"""What is known of a duty somewhere.

`violated`: something fails, also where an exception accepts it. `no-violation-found`: something was decided and nothing
fails, which proves nothing about what was not asked. `not-assessed`: nothing was decided. `attested`: nothing was
decided, and somebody vouches for it. `provider`: the provider's work, which no scan of ours sees.
"""
NotAsked: TypeAlias = Literal[
    "no-check", "attest-only", "attestation-overdue", "not-in-play", "none-seen", "provider-objects-only", "no-result"
]
"""Why nothing was asked, so that nothing could be decided.

`no-check`: no installed check judges what carries the duty there. `attest-only`: no configuration shows it; a person
must say. `attestation-overdue`: a person said, and it has run out. `not-in-play`: all that could carry it was looked
for, and there is none. `none-seen`: nothing that was listed there carries it, and not all that could was looked for.
`provider-objects-only`: all that carries it there is the provider's. `no-result`: a check is installed and this
posture has no result of it.
"""


UNSEEN: frozenset[Why | NotAsked] = frozenset({"not-in-play", "none-seen"})
"""Causes that say that nothing is seen there, so that there is nothing to assess as far as is known."""


class Cause(msgspec.Struct, frozen=True):
    """Why something is not known, and how many results that left open."""

    why: Why | NotAsked
    results: int


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a duty, or of a layer, in one column."""

    state: State
    counts: Counts = Counts()
    worst: Severity | None = None
    """The worst severity of open failures; of accepted ones where none is open."""
    causes: tuple[Cause, ...] = ()
    """Why what is not known is not known, the most frequent first."""
    duties_in_play: int = 0
    """Of the customer's duties in the row, those that a resource carries there, or that a result is about."""
    duties_assessed: int = 0
    """Those of them of which anything was decided."""
    duties_open: int = 0
    """Duties in the row that are not assessed though they could matter there."""
    without_owner: int = 0
    """Open failures that nobody answers for."""
    without_backup: int = 0
    owners: tuple[str, ...] = ()
    layer_owners: tuple[Owner, ...] = ()
    """Who operates the layer on the resources there."""
    unchecked: tuple[str, ...] = ()
    """Resource types there that carry the duty and that no check judges for it."""
    attested: Attested | None = None
    inherited: tuple[Inherited, ...] = ()
    """Documents behind a provider's cell."""

"""What a principal can do with all that its policies grant."""

from __future__ import annotations

import msgspec

from scanner.facts import Unread, UnreadFact


class Powers(msgspec.Struct, frozen=True):
    """Whether grants amount to everything. Unread is what could not be decided, with its reason."""

    everything: tuple[str, ...] | Unread = ()
    """The grants that together allow every action on every resource; empty where they do not."""
    escalation: tuple[str, ...] | Unread = ()
    """Grants that let the holder give itself everything; empty where there are none."""

    def all_powerful(self) -> tuple[str, ...]:
        """The grants that allow everything; raises UnreadFact where that is undecided."""
        return _decided(self.everything)

    def self_elevating(self) -> tuple[str, ...]:
        """The grants that allow the holder to become all-powerful; raises UnreadFact where that is undecided."""
        return _decided(self.escalation)


def _decided(grants: tuple[str, ...] | Unread) -> tuple[str, ...]:
    if isinstance(grants, Unread):
        raise UnreadFact(grants)
    return grants

"""Results of one cell, by status."""

from __future__ import annotations

import msgspec


class Counts(msgspec.Struct, frozen=True):
    """Results by status. A result about an object that the provider owns is no question to the customer."""

    failed: int = 0
    excepted: int = 0
    """Failures that an exception accepts: still failures."""
    passed: int = 0
    unknown: int = 0
    not_applicable: int = 0
    """About objects that the provider owns."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.failed + other.failed,
            self.excepted + other.excepted,
            self.passed + other.passed,
            self.unknown + other.unknown,
            self.not_applicable + other.not_applicable,
        )

    @property
    def asked(self) -> int:
        """Questions to the customer's side."""
        return self.decided + self.unknown

    @property
    def decided(self) -> int:
        """Those that were answered."""
        return self.failed + self.excepted + self.passed

    @property
    def violations(self) -> int:
        """Failures, accepted or not."""
        return self.failed + self.excepted

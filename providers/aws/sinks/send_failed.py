"""A request to AWS that was not taken."""

from __future__ import annotations

from scanner.provider import AskFailed


class SendFailed(Exception):
    """A request that was not taken, or of which nobody knows."""

    def __init__(self, failure: AskFailed, said: str, *, unsigned: bool = False) -> None:
        super().__init__(failure.code, said)
        self.code = failure.code
        self.why = failure.why
        self.silent = failure.silent
        """Nobody answered."""
        self.said = said
        """In words; never with a secret in them."""
        self.unsigned = unsigned
        """Whether the credentials are not usable."""

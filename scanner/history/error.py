"""What goes wrong with a history."""


class HistoryError(Exception):
    """A history that cannot be opened, read or written; says what, where, and what to do."""


class Unreached(HistoryError):
    """A server that does not answer, or lets nobody in."""

"""What goes wrong with a history."""


class HistoryError(Exception):
    """A history that cannot be opened, read or written; says what, where, and what to do."""

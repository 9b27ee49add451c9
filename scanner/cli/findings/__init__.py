"""`ourside findings`, `diff` and `trend`: findings of a file, a snapshot or the history."""

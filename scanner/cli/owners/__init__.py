"""`ourside owners` and `exceptions`: who answers for what, and which failures are accepted."""

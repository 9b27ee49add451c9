"""Sinks: what is sent, what waits for them, and `ourside deliver`."""

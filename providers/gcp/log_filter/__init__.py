"""Filters over log entries: what sinks, metrics and alerts take in."""

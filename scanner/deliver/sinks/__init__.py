"""Sinks: where events go, each behind the same door."""

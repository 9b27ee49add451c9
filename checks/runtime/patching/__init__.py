"""Duty `runtime.patching`."""

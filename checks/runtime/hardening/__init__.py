"""Duty `runtime.hardening`."""

"""Duty `data.recoverability`."""

"""Duty `data.encryption-at-rest`."""

"""Duty `data.encryption-in-transit`."""

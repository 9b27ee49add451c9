"""Duty `data.public-access`."""

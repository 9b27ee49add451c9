"""Duty `identity.privileged-access`."""

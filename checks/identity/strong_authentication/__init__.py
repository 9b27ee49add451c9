"""Duty `identity.strong-authentication`."""

"""Duty `identity.credential-hygiene`."""

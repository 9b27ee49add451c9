"""Duty `identity.external-trust`."""

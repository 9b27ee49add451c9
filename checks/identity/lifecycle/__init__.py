"""Duty `identity.lifecycle`."""

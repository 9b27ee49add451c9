"""Duty `identity.least-privilege`."""

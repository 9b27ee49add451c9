"""Duties about identities."""

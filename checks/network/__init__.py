"""Duties about network."""

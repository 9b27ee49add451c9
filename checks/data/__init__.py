"""Duties about data."""

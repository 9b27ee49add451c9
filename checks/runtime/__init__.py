"""Duties about running systems."""

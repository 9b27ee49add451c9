"""Duties about networks."""

"""Duties about logs."""

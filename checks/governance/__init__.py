"""Duties of governance."""

"""Duties about runtime."""

"""Duties about workloads."""

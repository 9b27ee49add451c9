"""Duties about workload."""

"""Duty `identity.workload-identity`."""

"""Duty `workload.kubernetes-hardening`."""

"""Duty `governance.incident-readiness`."""

"""Duty `network.edge-protection`."""

"""Duty `network.ingress`."""

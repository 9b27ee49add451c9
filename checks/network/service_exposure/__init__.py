"""Duty `network.service-exposure`."""

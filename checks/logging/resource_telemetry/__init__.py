"""Duty `logging.resource-telemetry`."""

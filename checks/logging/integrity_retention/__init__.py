"""Duty `logging.integrity-retention`."""

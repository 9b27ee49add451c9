"""Duty `logging.detection-alerting`."""

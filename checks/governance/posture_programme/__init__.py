"""Duty `governance.posture-programme`."""

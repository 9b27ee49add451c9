"""Duty `logging.audit-trail`."""

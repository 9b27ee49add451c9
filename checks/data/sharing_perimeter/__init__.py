"""Duty `data.sharing-perimeter`."""

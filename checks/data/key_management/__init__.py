"""Duty `data.key-management`."""

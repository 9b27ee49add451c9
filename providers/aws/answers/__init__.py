"""Answers about accounts that were read: who can do an action, why, and what changed."""

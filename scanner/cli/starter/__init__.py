"""The files that a customer begins with, as texts: `{today+30}` in them becomes a day."""

"""The one room of this provider that knows the SDK."""

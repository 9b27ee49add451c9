"""The one room of this provider that knows Google's SDKs."""

"""Google Cloud: what its access documents say. No SDK is loaded here."""

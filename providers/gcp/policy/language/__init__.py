"""The documents that decide access in Google Cloud, as typed values. Nothing here says who gets in."""

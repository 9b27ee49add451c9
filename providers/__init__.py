"""The clouds, a folder each."""

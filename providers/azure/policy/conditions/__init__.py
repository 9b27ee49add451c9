"""The language of conditions on role assignments: read, and evaluated against one request."""

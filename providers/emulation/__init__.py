"""What emulated clouds have in common: an HTTP server on loopback that can fail on request."""

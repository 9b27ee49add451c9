"""`ourside matrix` and `gaps`: who is responsible for what."""

"""`ourside route`: who acts when something has happened."""

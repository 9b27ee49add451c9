"""`ourside tabletop`: an exercise of what is open now."""

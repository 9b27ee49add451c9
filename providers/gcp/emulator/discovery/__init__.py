"""What Google publishes about its APIs, cut down to what is used here: routes, and schemas of bodies."""

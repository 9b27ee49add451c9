"""The services that can be judged, each from what its interface gives to who can reach it."""

"""`ourside explain`: a page for each thing that can be explained."""

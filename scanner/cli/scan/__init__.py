"""`scan`: the main job, from signing in to reports."""

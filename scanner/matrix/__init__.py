"""The responsibility matrix: what is known about each duty, by cloud, account or owner. Pure values over a posture."""

"""The core of Ourside: it knows no cloud, no check and no SDK."""

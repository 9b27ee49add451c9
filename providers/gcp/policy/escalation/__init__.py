"""Who can become whom in Google Cloud, and who gets to rule a project by it."""

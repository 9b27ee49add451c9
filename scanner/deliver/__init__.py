"""Where the text of a report goes."""

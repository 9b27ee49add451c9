"""Published frameworks, control by control: which duty, which check, whose, and what is known of it."""

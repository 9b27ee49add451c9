"""AWS policy documents: the language, two evaluators of it, and questions asked of both. Pure functions."""

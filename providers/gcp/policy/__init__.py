"""Access in Google Cloud from its documents: the policy language, a concrete evaluator, and questions over requests."""

"""The concrete evaluator: one request, one answer. It shares only the document model with the questions."""

"""The concrete evaluator: one request, one answer. It shares nothing with the symbolic one but the language."""

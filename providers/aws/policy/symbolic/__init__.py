"""The symbolic evaluator: what documents say of all requests at once. It shares the language with the concrete one."""

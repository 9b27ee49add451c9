"""Questions about documents: asked of the symbolic evaluator, confirmed by the concrete one."""

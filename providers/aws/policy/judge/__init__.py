"""Verdicts over the documents of one resource, from inputs that hold all that the verdict depends on."""

"""The matrix and the gaps on paper: terminal, Markdown, CSV in three shapes, JSON."""

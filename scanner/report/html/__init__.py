"""`--format html`: one self-contained page, for a person with a browser."""

from scanner.report.html.writer import write

__all__ = ["write"]

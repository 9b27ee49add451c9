"""`--format oscal`: assessment results of OSCAL 1.2.3, as one JSON document."""

from scanner.report.oscal.document import write

__all__ = ["write"]

"""What a scan has to say, as one value that every writer and sink reads."""

from scanner.report.report import GapRecord, Report, Run, ScopeRecord, Writer
from scanner.report.spool import Spool

__all__ = ["GapRecord", "Report", "Run", "ScopeRecord", "Spool", "Writer"]

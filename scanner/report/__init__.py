"""What a scan has to say, as one value that every writer and sink reads."""

from scanner.record import GapRecord, Run, ScopeRecord, TypeCount
from scanner.report.report import Report, Writer
from scanner.report.spool import Spool

__all__ = ["GapRecord", "Report", "Run", "ScopeRecord", "Spool", "TypeCount", "Writer"]

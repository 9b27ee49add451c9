"""Findings over time: what is new, what stands, what was mended, and what can no longer be known."""

from scanner.history.address import open_history
from scanner.history.changes import Change
from scanner.history.counted import ScanRecord
from scanner.history.error import HistoryError, Unreached
from scanner.history.history import History
from scanner.history.leases import Lease, Leases
from scanner.history.outbox import Delayed, Outbox, Outgoing, Reasons, Room, Standing, Waiting
from scanner.history.recording import Recording
from scanner.history.scanned import Begin, Looked, Read
from scanner.history.trend import Day, Trend, TrendRow
from scanner.history.unlooked import Unlooked
from scanner.history.wanted import Wanted

__all__ = [
    "Begin",
    "Change",
    "Day",
    "Delayed",
    "History",
    "HistoryError",
    "Lease",
    "Leases",
    "Looked",
    "Outbox",
    "Outgoing",
    "Read",
    "Reasons",
    "Recording",
    "Room",
    "ScanRecord",
    "Standing",
    "Trend",
    "TrendRow",
    "Unlooked",
    "Unreached",
    "Waiting",
    "Wanted",
    "open_history",
]

"""What became of a failure, and why something is not known, in the words of every page."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.facts import Why
from scanner.finding import State

STATE: Mapping[State, str] = {
    "new": "new: it was not seen to fail before",
    "standing": "standing: it fails as before",
    "changed": "changed: it fails for other reasons than before",
    "resolved": "resolved: it does not fail any more",
    "reopened": "reopened: it fails again after it was mended",
    "excepted": "excepted: it fails, and an exception holds",
    "unknowable": "no longer knowable: it failed when it could last be judged",
}
WHY: Mapping[Why, str] = {
    "denied": "permission denied",
    "service-off": "the service is off",
    "region-off": "the region is off",
    "unreachable": "not reachable",
    "throttled": "asked too often",
    "expired": "the login expired",
    "failed": "the read failed",
    "not-collected": "not collected",
    "not-yet-known": "read, and does not tell",
    "stale": "out of date",
}

"""The cost of a history: 300,000 results recorded, compared with the scan before, and asked about.

Limits: 10 seconds for each recording, 500 MB for the whole process, one second for each question. Findings are made
while they are recorded, as a scan does; their making is not counted. `--history URL` measures another database, which
should be an empty one.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from scanner.access import Witness
from scanner.check import SEVERITIES, Reason
from scanner.facts import Unread
from scanner.finding import Finding, IdMaker, Status, Subject
from scanner.history import Begin, History, Read, Wanted, open_history
from scanner.record import ScopeRecord, TypeCount
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container, Scope

RESOURCES, CHECKS = 30_000, 10
BATCH = 1000
SECONDS, MEGABYTES, ANSWER = 10.0, 500.0, 1.0
SCOPE = Scope("lab", "lab", "1111", "lab::1111", "prod", ("east", "west"))
RECORD = ScopeRecord(SCOPE.uid, SCOPE.regions, True, "lab", "1111", "prod")
RULES = tuple(f"storage-rule-number-{number}" for number in range(CHECKS))
IDS = {rule: IdMaker(SCOPE, rule) for rule in RULES}
RESPONSIBLE = tuple(
    Responsibility(
        duty=f"data.duty-{number}",
        layer="data",
        layer_owner="customer",
        side="customer",
        service_model="paas",
        customer_part="Who may read and write the store, and for how long its contents are kept.",
        provider_part="Disks, replicas and the service that answers.",
        owner=f"team-{number % 5}",
        backup="platform",
        channel="#platform",
        owned_by=f"owners.yaml:{number}: duty data.*",
        shared_kind="customer-only",
        ccm_ownership="csc-owned",
        inheritance="system-specific",
        confidence="mapped",
    )
    for number in range(CHECKS)
)
WITHIN = tuple(
    Container(level, f"lab:{level}:{level}", level, {"stage": "prod"}) for level in ("org", "folder", "account")
)
DENIED = (Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.readers", "AccessDenied: no"),)


def findings(scan: int) -> Iterator[list[Finding]]:
    """Results of a scan in batches. Each scan, one resource in fifty is mended, one is broken, one goes, one comes."""
    batch: list[Finding] = []
    moved = RESOURCES // 50
    for number in range(scan * moved, RESOURCES + scan * moved):
        name = f"store-number-{number:07d}"
        uid = f"lab:store:{name}"
        tags = {"team": f"team-{number % 40}", "stage": "prod"}
        region = SCOPE.regions[number % 2]
        subject = Subject(uid, "bucket", "lab.storage.store", name, "lab", "1111", region, WITHIN, tags)
        for rule, check in enumerate(RULES):
            batch.append(_finding(number, rule, check, subject, scan))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def _finding(number: int, rule: int, check: str, subject: Subject, scan: int) -> Finding:
    turn = (number * 7 + rule * 13 + scan * (number % 50 == rule)) % 10
    status: Status = "fail" if turn < 2 else "unknown" if turn == 2 else "pass"
    fails = status == "fail"
    request = Witness("*", "store:Get", f"{subject.uid}/x", {"lab:Tls": "true"}, "/Statement/0")
    return Finding(
        id=IDS[check].of(subject.uid),
        check=check,
        status=status,
        severity=SEVERITIES[rule % len(SEVERITIES)],
        resource=subject,
        reasons=(Reason(f"the policy lets anyone read {subject.name}", request),) if fails else (),
        witness=request if fails else None,
        unread=DENIED if status == "unknown" else (),
        responsibility=RESPONSIBLE[rule],
        evidence=msgspec.Raw(EVIDENCE),
        scan=f"scan-{scan}",
        due_days=30 if fails else None,
    )


EVIDENCE = msgspec.json.encode(
    {"policy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "store:Get", "Resource": "*"}] * 3}}
)


def recorded(history: History, scan: int) -> float:
    """Seconds of recording a scan, without the making of its findings."""
    taken_at = datetime(2026, 11, 1, 4, tzinfo=UTC) + timedelta(days=scan)
    making = 0.0
    started, busy = time.perf_counter(), time.process_time()
    with history.scope(Begin(f"scan-{scan}", taken_at, RECORD, RULES)) as recording:
        batches, told = findings(scan), 0
        while True:
            before = time.perf_counter()
            batch = next(batches, None)
            making += time.perf_counter() - before
            if batch is None:
                break
            told += len(recording.add(batch))
        counts = recording.finish(Read(True, inventory=(TypeCount("lab", "1111", "lab.storage.store", RESOURCES),)))
    seconds = time.perf_counter() - started - making
    busy = time.process_time() - busy - making
    shown = ", ".join(f"{count:,} {state}" for state, count in sorted(counts.items()))
    print(f"scan {scan}: {told:,} results in {seconds:5.2f} s, {busy:5.2f} s of them CPU ({shown})")
    return seconds


def questions(history: History) -> dict[str, Callable[[], object]]:
    """What is asked of it."""
    some = next(history.findings(Wanted(status=("fail",), limit=1)))
    return {
        "posture": history.posture,
        "100 worst failures": lambda: list(history.findings(Wanted(status=("fail",), limit=100))),
        "100 of an owner, overdue": lambda: list(
            history.findings(Wanted(owner=("team-2",), overdue=date(2027, 2, 1), limit=100))
        ),
        "trend by duty": lambda: history.trend("duty", date(2026, 11, 1), date(2026, 12, 5)),
        "trend by owner": lambda: history.trend("owner", date(2026, 11, 1), date(2026, 12, 5)),
        "find by prefix": lambda: history.find(some.id[:20]),
        "scans": history.scans,
        "first 100 changes": lambda: list(islice(history.changes("scan-1", "scan-2"), 100)),
    }


def measured(url: str) -> int:
    """Print the costs; 1 where a limit is missed."""
    with open_history(url) as history:
        missed = max([recorded(history, scan) for scan in range(3)]) > SECONDS
        for name, ask in questions(history).items():
            started = time.perf_counter()
            ask()
            seconds = time.perf_counter() - started
            missed |= seconds > ANSWER
            print(f"{name:26} {seconds:5.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    missed |= peak > MEGABYTES
    print(f"the process never held more than {peak:.0f} MB")
    print("a limit is MISSED" if missed else "all limits are kept")
    return int(missed)


def main() -> int:
    """Measure the database that is named, or a file that is thrown away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", help="path or URL of an empty history")
    url = parser.parse_args().history
    if url is not None:
        return measured(url)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "history.db"
        missed = measured(str(path))
        print(f"the file has {path.stat().st_size / 2**20:.0f} MB")
        return missed


if __name__ == "__main__":
    sys.exit(main())

"""An HTML report of 200,000 findings: how long it takes to write, to open and to filter, and how large it is.

`python benchmarks/html_report.py [FINDINGS [FILE]]`. Opening and filtering are measured in Debian's chromium through
Playwright (`pip install ourside[services]`, `apt-get install chromium`), from the start of the visit until the list
stands, and from a click until the browser has painted. Limits: 3 seconds to open, 1 second for each filter and search.
"""

from __future__ import annotations

import hashlib
import importlib.util
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from scanner.access import Witness
from scanner.check import SEVERITIES, Check, Reason
from scanner.cli import doors
from scanner.cli.planning import model_of
from scanner.facts import Unread
from scanner.finding import NO_EVIDENCE, Finding, Lifecycle, Status, Subject, evidence_of
from scanner.record import GapRecord, Run, ScopeRecord, TypeCount
from scanner.report import Report
from scanner.report.html import write
from scanner.responsibility.resolve import resolve
from scanner.scope import Container

FINDINGS, ACCOUNTS, CHECKS, OWNERS = 200_000, 400, 4, 60
OPEN, FILTER, MEGABYTES = 3.0, 1.0, 80.0
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
VISIT = """async (address) => {
  const started = performance.now();
  location.hash = address;
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await painted();
  await painted();
  return performance.now() - started;
}"""
TAKEN = datetime(2026, 11, 22, 4, tzinfo=UTC)
STATUSES: tuple[Status, ...] = ("fail", "fail", "pass", "pass", "pass", "fail", "unknown", "pass", "excepted", "pass")
REFUSED = Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.policy", "AccessDenied: refused")


class Estate:
    """Findings about many accounts, made anew each time that they are gone through."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.checks: Mapping[str, Check[Any]] = doors.checks()
        self.model = model_of(list(doors.providers()))
        self._rules = list(self.checks.values())
        self._types = sorted(self.model.types)
        self._attributions = {
            (type_id, check.id): resolve(self.model, type_id, check.duty, lambda _: None)
            for type_id in self._types
            for check in self._rules
        }

    def __iter__(self) -> Iterator[Finding]:
        for number in range(self.count // CHECKS):
            subject = self._subject(number)
            for turn in range(CHECKS):
                yield self._finding(number, turn, subject)

    def _subject(self, number: int) -> Subject:
        type_id = self._types[number % len(self._types)]
        provider = type_id.partition(".")[0]
        account = f"{number % ACCOUNTS:012d}"
        name = f"team-{number % OWNERS}-resource-{number:07d}"
        within = (Container("organization", "org-1", "Acme"), Container("account", f"account-{account}", account))
        uid = f"arn:cloud:{type_id.partition('.')[2]}:region-{number % 9}:{account}:{name}"
        tags = {"team": f"team-{number % OWNERS}", "stage": "prod"}
        region = f"region-{number % 9}"
        return Subject(uid, type_id.rpartition(".")[2], type_id, name, provider, account, region, within, tags)

    def _finding(self, number: int, turn: int, subject: Subject) -> Finding:
        check = self._rules[(number * 7 + turn * 31) % len(self._rules)]
        status = STATUSES[(number * 3 + turn * 7) % len(STATUSES)]
        failed = status in ("fail", "excepted")
        witness = Witness("anyone, unsigned", "store:Get", f"{subject.uid}/x", {"net:Tls": "true"}, "/Statement/0")
        owner = f"team-{number % OWNERS}"
        first = TAKEN - timedelta(days=number % 90)
        who = [f"arn:cloud:iam::{(number * 7 + each) % 997:012d}:role/team-{each}" for each in range(number % 20)]
        facts = {
            "access": {"layers": [{"name": "policy", "who": ["anyone", *who]}] * (2 if failed else 1)},
            "at": number,
        }
        attribution = self._attributions[subject.type, check.id]
        return Finding(
            id=f"f1:{hashlib.sha256(f'{number} {turn}'.encode()).hexdigest()[:32]}",
            check=check.id,
            status=status,
            severity=check.severity,
            resource=subject,
            reasons=(Reason(f"the policy of {subject.name} lets anyone read", witness),) if failed else (),
            witness=witness if failed else None,
            unread=(REFUSED,) if status == "unknown" else (),
            needs=REFUSED.needs if status == "unknown" else (),
            responsibility=msgspec.structs.replace(
                attribution,
                owner=owner,
                backup="platform",
                channel=f"#{owner}",
                owned_by=f"owners.yaml:{number % OWNERS}",
            ),
            evidence=NO_EVIDENCE if status == "unknown" else evidence_of(facts),
            first_seen=first,
            last_seen=TAKEN,
            scan="scan-1",
            lifecycle=Lifecycle("new" if number % 90 == 0 else "standing") if status == "fail" else None,
            due_days=30 if failed else None,
            due=(first + timedelta(days=30)).date() if status == "fail" else None,
        )

    def report(self) -> Report:
        """The report of all of them."""
        accounts = {(subject.provider, subject.account) for subject in map(self._subject, range(ACCOUNTS * 3))}
        run = Run(
            complete=False,
            scopes=tuple(
                ScopeRecord(f"account-{a}", ("region-1",), False, p, a, f"Account {a}") for p, a in sorted(accounts)
            ),
            gaps=(GapRecord("", "", "", "bucket", REFUSED.call, REFUSED.needs, "denied", REFUSED.detail, 1),),
            calls=1,
            seconds=1.0,
            evaluated=self.count,
            vanished=0,
            asked=self.count,
            scan="scan-1",
            taken_at=TAKEN,
            statuses={},
            checks=tuple(self.checks),
            inventory=tuple(TypeCount(p, a, self._types[0], 1) for p, a in sorted(accounts)),
        )
        clouds = {name: provider.title for name, provider in doors.providers().items()}
        return Report(self, run, self.checks, self.model, clouds=clouds)


def told(what: str, measured: float, unit: str, limit: float | None = None) -> bool:
    """Print a measurement; whether it keeps to its limit."""
    against = f", {measured / limit:.2f} of the limit of {limit:g} {unit}" if limit else ""
    print(f"{what:34} {measured:8.2f} {unit}{against}", flush=True)
    return limit is None or measured <= limit


def written(report: Report, path: Path) -> bool:
    """Write the page."""
    started, cpu = time.monotonic(), time.process_time()
    longest = 0
    with path.open("w", encoding="utf-8") as file:
        for piece in write(report):
            longest = max(longest, len(piece))
            file.write(piece)
    told("written in", time.monotonic() - started, "s")
    told("of which made by this process", time.process_time() - cpu, "s")
    told("longest piece", longest / 1e6, "MB")
    told("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    return told("size", path.stat().st_size / 1e6, "MB", MEGABYTES)


def browsed(path: Path) -> bool:
    """Open and filter the page in a browser."""
    from playwright.sync_api import Page, sync_playwright

    def visited(page: Page, address: str) -> float:
        """Seconds from a change of the page's address until what it asks for has been painted."""
        return float(page.evaluate(VISIT, address)) / 1000

    kept = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page()
        started = time.monotonic()
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_selector(".list tbody tr", timeout=60_000)
        kept &= told("opened in", time.monotonic() - started, "s", OPEN)
        print(page.inner_text("[role=status]").replace("\n", " "))
        for what, address in (
            ("filtered by severity", "severity=critical"),
            ("by severity and status", "severity=critical,high&status=fail"),
            ("by owner", "owner=team-7"),
            ("by account", "account=aws%2F000000000042"),
            ("searched for the first time", "q=resource-0012345"),
            ("searched for two words", "q=policy%20team-42"),
            ("sorted by resource", "sort=resource"),
            ("sorted by it the other way", "sort=-resource"),
            ("all again", "sort=worst"),
        ):
            kept &= told(what, visited(page, address), "s", FILTER)
            print(f"{'':4}{page.inner_text('[role=status]')}")
        finding = page.get_attribute(".list tbody tr", "data-id")
        kept &= told("finding opened", visited(page, f"finding={finding}"), "s", FILTER)
        browser.close()
    return kept


def main() -> None:
    """Measure, and exit with 1 where a limit is broken."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS
    estate = Estate(count)
    print(f"{count:,} findings, {len(SEVERITIES)} severities, {ACCOUNTS:,} accounts a cloud")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "report.html"
        kept = written(estate.report(), path.resolve())
        if importlib.util.find_spec("playwright") is None or not Path(CHROMIUM).exists():
            print(f"not opened: playwright and {CHROMIUM} are needed. Run: pip install 'ourside[services]'")
        else:
            kept &= browsed(path.resolve())
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()

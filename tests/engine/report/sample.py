"""One small report about a made-up cloud, the same in every test of a writer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from scanner.access import Witness
from scanner.check import Check, Reason, Reasons, check
from scanner.document import parse
from scanner.evaluate import Cause, Evaluation, Tally
from scanner.facts import Call, Fact, Unread
from scanner.finding import Exemption, Finding, Lifecycle, Status
from scanner.model import Estate, Identity, Listing, ListingGap, Resource, Scope
from scanner.report import GapRecord, Report, Run, ScopeRecord, TypeCount
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel

TAKEN = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
HOSTILE = "\x1b[31mred\x1b[0m\u202egpj.exe\u2028\x9b2J\r\nFAIL fake\x00\u200b"
"""A name that would colour, turn around, clear and forge lines if a writer let it."""
HARMLESS = "häuser-図-🏠"

LAB_TEXT = """
provider: lab
account_type: {title: LAB Account, ocsf_type_id: 99, resource_type: lab.account.settings}
sources: [{id: lab-srm, title: Lab, url: https://lab.example/shared, read: 2026-01-31}]
types:
- {id: lab.account.settings, model: control-plane, customer: c, provider: p, duties: [], source: lab-srm}
- id: lab.storage.store
  model: paas
  customer: Who may read and write the store.
  provider: Disks, replicas and the service that answers.
  duties: [data.public-access, data.recoverability]
  source: lab-srm
"""
LAB = parse(LAB_TEXT, ProviderDocument, "lab.yaml")
MODEL = ResponsibilityModel(load_model().core, (LAB,))
SCOPE = Scope("lab", "lab", "1111", "lab::1111", "prod", ("east", "west"))

POLICY = Call("store", "GetPolicy", {"Store": "{it.name}"}, needs="store:GetPolicy")
STORES = Call("store", "ListStores", items="Stores", needs="store:ListStores", regional=True)


class Store(Resource, kind="bucket", type_id="lab.storage.store"):
    listed = Listing(call=STORES, uid="lab:store:{Name}", name="{Name}")
    readers = Fact[tuple[str, ...]]("Who may read it without being known.").read(POLICY, lambda answer: ())
    versions = Fact[int]("How many earlier versions it keeps.").listed("{Versions}")


class Gadget(Resource, kind="gadget", type_id="lab.new.gadget"):
    versions = Fact[int]("How many earlier versions it keeps.").listed("{Versions}")


@check("storage-public-read", severity="critical", reads=[Store.readers], duty="data.public-access")
def public_read(store: Store) -> Reasons:
    """Nobody can read a store's objects without being known to you.

    Whoever learns the name of a public store can copy all that it holds.

    Fix: Remove the statement that lets everybody read.
    References:
    https://lab.example/public
    """
    for reader in store.readers:
        yield Reason(f"the policy lets {reader} read", Witness("*", "store:Get", f"{store.uid}/x", {"lab:Tls": "true"}))


@check("storage-keeps-versions", severity="medium", reads=[Store.versions], duty="data.recoverability")
def keeps_versions(store: Store) -> Reasons:
    """A store keeps earlier versions of its objects.

    What is overwritten or deleted by mistake can then be brought back.

    Fix: Keep at least one version.
    References:
    https://lab.example/versions
    """
    if store.versions < 1:
        yield Reason("it keeps no earlier version")


@check("gadget-keeps-versions", severity="low", reads=[Gadget.versions], duty="data.recoverability")
def gadget_keeps_versions(gadget: Gadget) -> Reasons:
    """A gadget keeps earlier versions of its setting.

    A wrong setting can then be taken back.

    Fix: Keep at least one version.
    References:
    https://lab.example/versions
    """
    if gadget.versions < 1:
        yield Reason("it keeps no earlier version")


CHECKS: tuple[Check[Any], ...] = (public_read, keeps_versions, gadget_keeps_versions)
ACCEPTED = Exemption(
    "RISK-7", "head of security", "team-lab", f"the gadget is taken down in January {HOSTILE}", date(2027, 1, 31), "e:4"
)
DENIED = Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.readers", "AccessDenied: no")
THROTTLED = Unread("throttled", (), "store:ListStores", "bucket", "SlowDown: 5 attempts")


def store(name: str, region: str = "east", *, owned: bool = False, **facts: object) -> Store:
    return Store(Identity(SCOPE, f"lab:store:{name}", name, region, owned), facts)


def estate() -> Estate:
    stores = [
        store("customer-exports", readers=("anyone",), versions=3),
        store(
            "a-very-long-name-of-a-store-that-holds-the-invoices-of-all-the-years-2024", readers=("anyone",), versions=0
        ),
        store(HARMLESS, "west", readers=("anyone", "every signed-in stranger"), versions=1),
        store(HOSTILE, readers=(HOSTILE,), versions=0),
        *(store(f"denied-{number}", readers=DENIED, versions=1) for number in range(5)),
        store("published-by-the-lab", owned=True, readers=(), versions=0),
        store("quiet", "west", readers=(), versions=2),
    ]
    gadgets = [Gadget(Identity(SCOPE, "lab:gadget:g", "g", "global"), {"versions": 0})]
    gaps = (ListingGap(Store, "west", THROTTLED),)
    return Estate(SCOPE, TAKEN, {Store: stores, Gadget: gadgets}, gaps=gaps, vanished=1)


def sample() -> Report:
    """Every status, two causes of unknown, hostile and harmless names, an unmapped type and a defect."""
    tally = Tally()
    findings = list(Evaluation(estate(), CHECKS, MODEL, "scan-1", tally))
    excepted = next(number for number, found in enumerate(findings) if found.check == "gadget-keeps-versions")
    findings[excepted] = msgspec.structs.replace(findings[excepted], status="excepted", exception=ACCEPTED)
    findings = [_owned(finding) if finding.check == "storage-public-read" else finding for finding in findings]
    return report_of(findings, tally, defects=(f"answer of store:GetPolicy for {HOSTILE}: no member Policy",))


def _owned(finding: Finding) -> Finding:
    """Its owner is named, and whoever lives in the west has waited too long."""
    responsibility = msgspec.structs.replace(
        finding.responsibility,
        owner="team-storage",
        backup=f"team {HOSTILE}",
        channel="#storage",
        owned_by="owners.yaml:3: duty data.*",
    )
    if finding.status != "fail":
        return msgspec.structs.replace(finding, responsibility=responsibility)
    late = finding.resource.region == "west"
    opened = TAKEN - timedelta(days=9 if late else 0)
    return msgspec.structs.replace(
        finding,
        responsibility=responsibility,
        first_seen=opened,
        lifecycle=Lifecycle("standing" if late else "new"),
        due_days=7,
        due=opened.date() + timedelta(days=7),
    )


def report_of(findings: Sequence[Finding], tally: Tally | None = None, defects: Iterable[str] = ()) -> Report:
    """A report that holds these findings."""
    tally = tally or Tally()
    statuses: Counter[Status] = Counter(finding.status for finding in findings)
    run = Run(
        scan="scan-1",
        taken_at=TAKEN,
        complete=tally.complete,
        scopes=(_scope(tally, statuses["fail"]),),
        gaps=tuple(_gap(cause, affects) for cause, affects in tally.gaps.items()),
        calls=42,
        seconds=1.5,
        evaluated=tally.evaluated,
        asked=tally.asked,
        vanished=1,
        statuses=dict(statuses),
        defects=tuple(defects),
        inventory=(TypeCount("lab", "1111", "lab.storage.store", 11), TypeCount("lab", "1111", "lab.new.gadget", 1)),
        notices=(f"exceptions.yaml:9: the exception of ticket {HOSTILE} ended on 2026-11-01",),
        lifecycle={"new": 3, "standing": 1, "resolved": 2},
        version="0.1.0",
    )
    return Report(findings, run, {each.id: each for each in CHECKS}, MODEL)


def _scope(tally: Tally, failed: int) -> ScopeRecord:
    return ScopeRecord(
        SCOPE.uid,
        SCOPE.regions,
        tally.complete,
        SCOPE.provider,
        SCOPE.account,
        SCOPE.name,
        taken_at=TAKEN,
        asked=tally.asked,
        evaluated=tally.evaluated,
        failed=failed,
    )


def _gap(cause: Cause, affects: int) -> GapRecord:
    gap = cause.unread
    return GapRecord(
        cause.provider, cause.account, cause.region, cause.kind, gap.call, gap.needs, gap.why, gap.detail, affects
    )

"""OCSF: every finding is a valid event by the published schema, and says what the schema cannot check."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from scanner.document import parse
from scanner.finding import Finding, Lifecycle, State, Status
from scanner.report import Report, ocsf
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel
from scanner.scope import Container
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.ocsf_lint import not_told, problems
from tests.engine.report.sample import LAB_TEXT, MODEL, TAKEN, report_of, sample
from tests.engine.report.test_native import broken

MILLISECONDS = int(TAKEN.timestamp() * 1000)


def events(report: Report) -> list[dict[str, Any]]:
    """What is told of findings."""
    return findings_in("".join(ocsf.write(report)).splitlines())


def findings_in(lines: Iterable[str]) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in lines]
    return [event for event in told if event["class_uid"] == 2003]


@pytest.mark.parametrize("status", ["fail", "pass", "unknown", "not-applicable", "excepted"])
def test_each_status_is_a_valid_event(status: str) -> None:
    report = sample()
    chosen = [event for event in events(report) if event["status_code"] == status.upper()]
    assert chosen
    for event in chosen:
        assert problems(event) == []


@settings(max_examples=effort(60), deadline=None)
@given(findings())
def test_any_finding_is_a_valid_event(finding: Finding) -> None:
    """Whatever somebody wrote into a name: the event is valid, in one line, with no empty or deprecated member."""
    piece, *_ = ocsf.write(report_of([finding]))
    assert piece.endswith("\n") and piece[:-1].isascii() and piece[:-1].isprintable()
    assert problems(json.loads(piece)) == []


def by_status(report: Report) -> dict[str, dict[str, Any]]:
    return {event["status_code"]: event for event in reversed(events(report))}


def test_verdicts_and_lifecycle() -> None:
    found = by_status(sample())
    verdicts = {code: (event["compliance"]["status_id"], event.get("status_id")) for code, event in found.items()}
    assert verdicts == {
        "FAIL": (3, 1),
        "PASS": (1, None),
        "UNKNOWN": (2, None),
        "NOT-APPLICABLE": (99, None),
        "EXCEPTED": (3, 3),
    }
    assert {code: event["activity_id"] for code, event in found.items() if code != "EXCEPTED"} == dict.fromkeys(
        ("FAIL", "PASS", "UNKNOWN", "NOT-APPLICABLE"), 1
    )
    assert (found["EXCEPTED"]["activity_id"], found["EXCEPTED"]["type_uid"]) == (2, 200302)
    severities = {code: (event["severity"], event["unmapped"]["severity"]) for code, event in found.items()}
    assert severities == {
        "FAIL": ("Critical", "critical"),
        "PASS": ("Informational", "medium"),
        "UNKNOWN": ("Critical", "critical"),
        "NOT-APPLICABLE": ("Informational", "critical"),
        "EXCEPTED": ("Low", "low"),
    }
    assert {event["metadata"]["event_code"] for event in found.values()} <= set(sample().checks)
    assert all(event["metadata"]["profiles"] == ["cloud"] for event in found.values())
    assert all(event["metadata"]["correlation_uid"] == "scan-1" for event in found.values())


def test_a_failure_says_what_where_why_and_how_to_mend_it() -> None:
    event = by_status(sample())["FAIL"]
    assert (event["class_uid"], event["time"], event["severity"]) == (2003, MILLISECONDS, "Critical")
    assert event["message"] == "customer-exports: the policy lets anyone read"
    assert event["compliance"]["status_details"] == ["the policy lets anyone read"]
    assert event["compliance"]["control"] == "data.public-access"
    assert "nist-800-53r5 AC-3" in event["compliance"]["requirements"]
    assert "NIST SP 800-53, Security and Privacy Controls Revision 5" in event["compliance"]["standards"]
    assert event["remediation"] == {
        "desc": "Remove the statement that lets everybody read.",
        "references": ["https://lab.example/public"],
    }
    assert event["cloud"] == {
        "provider": "LAB",
        "region": "east",
        "account": {"uid": "1111", "name": "prod", "type": "LAB Account", "type_id": 99},
    }
    assert event["unmapped"]["responsibility"]["layer_owner"] == "customer"
    assert json.loads(event["evidences"][0]["data"]) == {"readers": ["anyone"]}
    assert json.loads(event["evidences"][1]["data"])["action"] == "store:Get"


def test_an_unknown_names_what_it_needs() -> None:
    event = by_status(sample())["UNKNOWN"]
    assert event["status_detail"] == "needs store:GetPolicy (denied): AccessDenied: no"
    assert event["compliance"]["status_details"] == [event["status_detail"]]
    assert event["unmapped"]["needs"] == ["store:GetPolicy"]
    assert "confidence_id" not in event


def test_a_pass_is_no_evidence_that_a_requirement_is_met() -> None:
    for event in events(sample()):
        judged = event["status_code"] not in ("PASS", "NOT-APPLICABLE")
        assert ("requirements" in event["compliance"]) == judged


LEFT_OUT = {
    "$.metadata.original_time",  # made, not collected
    "$.metadata.tenant_uid",  # no organisation is known
    "$.metadata.reporter.hostname",
    "$.metadata.reporter.ip",
    "$.metadata.reporter.org",
    "$.metadata.reporter.uid",
    "$.resources[0].hostname",
    "$.resources[0].ip",
    "$.resources[0].owner.has_mfa",  # a team, of which only the name is known
    "$.resources[0].owner.type_id",
    "$.resources[0].owner.uid",
    "$.resource",  # deprecated
}


def test_the_recommended_members_are_filled_where_there_is_an_answer() -> None:
    assert not_told(by_status(sample())["FAIL"]) <= LEFT_OUT


def test_an_organization_and_the_unit_in_it_are_told_where_they_are_known() -> None:
    report = sample()
    (scope,) = report.run.scopes
    above = (
        Container("organization", "lab::o-1", "o-1"),
        Container("unit", "lab::ou-1", "all"),
        Container("unit", "lab::ou-2", "shops"),
    )
    placed = replace(
        report, run=msgspec.structs.replace(report.run, scopes=(msgspec.structs.replace(scope, within=above),))
    )
    event = by_status(placed)["FAIL"]
    assert problems(event) == []
    assert event["cloud"]["org"] == {"uid": "lab::o-1", "name": "o-1", "ou_uid": "lab::ou-2", "ou_name": "shops"}
    assert event["metadata"]["tenant_uid"] == "lab::o-1"


def test_tags_are_a_list_and_those_without_a_value_are_labels() -> None:
    finding = next(iter(sample().findings))
    tagged = msgspec.structs.replace(finding.resource, tags={"env": "prod", "public": "", "": "nameless"})
    (event,) = events(report_of([msgspec.structs.replace(finding, resource=tagged)]))
    assert problems(event) == []
    assert event["resources"][0]["tags"] == [{"name": "env", "value": "prod"}]
    assert event["resources"][0]["labels"] == ["public"]


def test_a_named_owner_owns_the_resource() -> None:
    finding = next(iter(sample().findings))
    owned = msgspec.structs.replace(
        finding, responsibility=msgspec.structs.replace(finding.responsibility, owner="data-platform")
    )
    (event,) = events(report_of([owned]))
    assert event["resources"][0]["owner"] == {"name": "data-platform"}


def test_the_same_news_has_the_same_uid_and_other_news_another() -> None:
    first, again = events(sample()), events(sample())
    assert first == again
    assert len({event["metadata"]["uid"] for event in first}) == len(first)
    later = [msgspec.structs.replace(finding, scan="scan-2") for finding in sample().findings]
    uids = {event["metadata"]["uid"] for event in events(replace(sample(), findings=later))}
    assert uids.isdisjoint(event["metadata"]["uid"] for event in first)


def test_a_standing_finding_is_an_update_that_leaves_its_status_to_whoever_works_on_it() -> None:
    before = TAKEN - timedelta(days=3)
    finding = msgspec.structs.replace(next(iter(sample().findings)), first_seen=before, lifecycle=None)
    (event,) = events(report_of([finding]))
    assert problems(event) == []
    assert (event["activity_name"], event.get("status_id")) == ("Update", None)
    assert event["finding_info"]["first_seen_time"] == MILLISECONDS - 3 * 86_400_000
    assert event["finding_info"]["last_seen_time"] == event["time"] == MILLISECONDS


@pytest.mark.parametrize(
    ("status", "state", "expected"),
    [
        ("fail", "new", ("Create", 1)),
        ("fail", "standing", ("Update", None)),
        ("fail", "changed", ("Update", None)),
        ("fail", "reopened", ("Update", 1)),
        ("pass", "resolved", ("Close", 4)),
        ("excepted", "excepted", ("Update", 3)),
        ("unknown", "unknowable", ("Update", None)),
    ],
)
def test_what_became_of_a_finding_is_what_its_event_does(
    status: Status, state: State, expected: tuple[str, int | None]
) -> None:
    finding = next(found for found in sample().findings if found.status == status)
    seen = TAKEN if state == "new" else TAKEN - timedelta(days=3)
    known = msgspec.structs.replace(finding, first_seen=seen, lifecycle=Lifecycle(state, introduced_by="eve"))
    (event,) = events(report_of([known]))
    assert problems(event) == []
    assert (event["activity_name"], event.get("status_id")) == expected
    assert event["unmapped"]["responsibility"]["lifecycle"] == {"state": state, "introduced_by": "eve"}


def test_an_accepted_failure_is_suppressed_and_says_by_whom() -> None:
    event = by_status(sample())["EXCEPTED"]
    assert (event["status"], event["compliance"]["status"]) == ("Suppressed", "Fail")
    exception = event["unmapped"]["responsibility"]["exception"]
    assert list(exception) == ["ticket", "approver", "owner", "reason", "expires", "rule"]
    assert (exception["ticket"], exception["expires"]) == ("RISK-7", "2027-01-31")


def test_owner_backup_and_day_are_told() -> None:
    event = by_status(sample())["FAIL"]
    assert event["resources"][0]["owner"] == {"name": "team-storage"}
    told = event["unmapped"]["responsibility"]
    assert (told["owner"], told["channel"], told["due"]) == ("team-storage", "#storage", "2026-11-29")
    assert told["backup"].startswith("team ")


def test_a_finding_that_cannot_be_written_costs_only_itself() -> None:
    held = list(sample().findings)
    held[0] = broken(held[0])
    lines, pieces = [], ocsf.write(report_of(held))
    while True:
        try:
            lines.append(next(pieces))
        except StopIteration as end:
            defects = end.value
            break
    written = findings_in(lines)
    assert len(written) == len(held)
    assert [event["status_code"] for event in written[:2]] == ["UNKNOWN", "PASS"]
    assert "the verdict was fail" in written[0]["status_detail"]
    assert problems(written[0]) == []
    assert len(defects) == 1 and held[0].id in defects[0]


def test_what_is_gone_closes_and_says_so() -> None:
    """A history tells of it as of something that does not apply any more, last seen when it was last met."""
    before = TAKEN - timedelta(days=1)
    finding = msgspec.structs.replace(
        next(iter(sample().findings)),
        status="not-applicable",
        reasons=(),
        witness=None,
        last_seen=before,
        lifecycle=Lifecycle("resolved", resolved_at=TAKEN),
    )
    (event,) = events(replace(report_of([]), gone=[finding]))
    assert problems(event) == []
    assert (event["activity_name"], event["status"]) == ("Close", "Resolved")
    assert (event["severity"], event["unmapped"]["severity"]) == ("Informational", "critical")
    assert "gone" in event["status_detail"]
    assert event["time"] == MILLISECONDS
    assert event["finding_info"]["last_seen_time"] == MILLISECONDS - 86_400_000


def test_what_is_mended_closes_once() -> None:
    finding = next(found for found in sample().findings if found.status == "pass")
    before = TAKEN - timedelta(days=9)
    seen = []
    for resolved_at in (TAKEN, TAKEN - timedelta(days=3)):
        known = msgspec.structs.replace(
            finding, first_seen=before, lifecycle=Lifecycle("resolved", resolved_at=resolved_at)
        )
        (event,) = events(report_of([known]))
        assert problems(event) == []
        seen.append((event["activity_name"], event.get("status"), event["compliance"]["status"]))
    assert seen == [("Close", "Resolved", "Pass"), ("Update", None, "Pass")]


@pytest.mark.parametrize(
    ("provider", "title", "spelled"),
    [("lab", "LAB Account", "LAB"), ("gcp", "GCP Project", "GCP"), ("azure", "Azure Subscription", "Azure"),
     ("other", "Tenant", "OTHER")],
)  # fmt: skip
def test_a_provider_is_spelled_as_it_spells_itself(provider: str, title: str, spelled: str) -> None:
    text = LAB_TEXT.replace("provider: lab\n", f"provider: {provider}\n").replace("id: lab.", f"id: {provider}.")
    text = text.replace("resource_type: lab.", f"resource_type: {provider}.").replace("LAB Account", title)
    document = parse(text, ProviderDocument, "other.yaml")
    finding = next(iter(sample().findings))
    elsewhere = msgspec.structs.replace(finding, resource=msgspec.structs.replace(finding.resource, provider=provider))
    report = replace(report_of([elsewhere]), model=ResponsibilityModel(MODEL.core, (document,)))
    (event,) = events(report)
    assert (event["cloud"]["provider"], event["cloud"]["account"]["type"]) == (spelled, title)

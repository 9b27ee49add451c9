"""OCSF: every event is valid by the published schema, and says what the schema cannot check."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from scanner.document import parse
from scanner.finding import Finding, Lifecycle, State, Status
from scanner.report import Report, ocsf
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel
from tests.engine.report.hostile import findings
from tests.engine.report.sample import LAB_TEXT, MODEL, TAKEN, report_of, sample
from tests.engine.report.test_native import broken

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "data" / "ocsf-compliance_finding-1.8.0.schema.json").read_text(encoding="utf-8")
)
MILLISECONDS = int(TAKEN.timestamp() * 1000)
SENTINEL = object()


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA)


def events(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in "".join(ocsf.write(report)).splitlines()]


def check_event(event: dict[str, Any]) -> None:
    problems = [f"{problem.json_path}: {problem.message}" for problem in validator().iter_errors(event)]
    assert problems == []
    for path, value in leaves(event):
        assert value not in (None, "", [], {}), f"{path} is empty"
    for path, schema, value in described(event, SCHEMA, "$"):
        assert not schema.get("deprecated"), f"{path} is deprecated"
        if path.endswith("time") and isinstance(value, int):
            assert value > 1e12, f"{path} is not in milliseconds"
        sibling = schema.get("x-ocsf-sibling")
        captions = schema.get("x-ocsf-enum", {})
        if sibling and captions.get(str(value), "Other") != "Other":
            holder = value_at(event, path.rpartition(".")[0])
            assert holder.get(sibling, captions[str(value)]) == captions[str(value)], f"{path} and its caption differ"


def leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")


def described(value: Any, schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Each value that the schema names, with what the schema says of it."""
    if "$ref" in schema:
        schema = {**SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], **schema}
    yield path, schema, value
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                yield from described(inner, schema["properties"][key], f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from described(inner, schema.get("items", {}), f"{path}[{number}]")


def value_at(event: Any, path: str) -> Any:
    for step in path.replace("[", ".").replace("]", "").split(".")[1:]:
        event = event[int(step)] if step.isdigit() else event[step]
    return event


@pytest.mark.parametrize("status", ["fail", "pass", "unknown", "not-applicable", "excepted"])
def test_each_status_is_a_valid_event(status: str) -> None:
    report = sample()
    chosen = [event for event in events(report) if event["status_code"] == status.upper()]
    assert chosen
    for event in chosen:
        check_event(event)


@settings(max_examples=150, deadline=None)
@given(findings())
def test_any_finding_is_a_valid_event(finding: Finding) -> None:
    """Whatever somebody wrote into a name: the event is valid, in one line, with no empty or deprecated member."""
    (piece,) = ocsf.write(report_of([finding]))
    assert piece.endswith("\n") and piece[:-1].isascii() and piece[:-1].isprintable()
    check_event(json.loads(piece))


def by_status(report: Report) -> dict[str, dict[str, Any]]:
    return {event["status_code"]: event for event in reversed(events(report))}


def test_verdicts_and_lifecycle() -> None:
    found = by_status(sample())
    verdicts = {code: (event["compliance"]["status_id"], event.get("status_id")) for code, event in found.items()}
    assert verdicts == {
        "FAIL": (3, 1),
        "PASS": (1, None),
        "UNKNOWN": (2, 1),
        "NOT-APPLICABLE": (99, None),
        "EXCEPTED": (3, 3),
    }
    assert {code: event["activity_id"] for code, event in found.items() if code != "EXCEPTED"} == dict.fromkeys(
        ("FAIL", "PASS", "UNKNOWN", "NOT-APPLICABLE"), 1
    )
    assert (found["EXCEPTED"]["activity_id"], found["EXCEPTED"]["type_uid"]) == (2, 200302)
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


def test_the_recommended_members_are_filled_where_there_is_an_answer() -> None:
    left_out = {
        "$.metadata": {"original_time", "tenant_uid"},  # made, not collected; no organisation is known
        "$.resources[0]": {"hostname", "ip"},
        "$.resources[0].owner": {"has_mfa", "type_id", "uid"},  # a team, of which only the name is known
        "$.metadata.reporter": {"hostname", "ip", "org", "uid"},
        "$.metadata.product": set[str](),
        "$": {"resource"},  # deprecated
    }
    event = by_status(sample())["FAIL"]
    for path, schema, value in described(event, SCHEMA, "$"):
        if isinstance(value, dict) and not path.startswith("$.evidences"):  # recommends one of each kind of thing
            recommended = {
                name
                for name, member in schema.get("properties", {}).items()
                if member.get("x-ocsf-requirement") == "recommended"
            }
            assert recommended - set(value) <= left_out.get(path, set()), path


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
    finding = msgspec.structs.replace(next(iter(sample().findings)), first_seen=before)
    (event,) = events(report_of([finding]))
    check_event(event)
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
    check_event(event)
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
    written, pieces = [], ocsf.write(report_of(held))
    while True:
        try:
            written.append(json.loads(next(pieces)))
        except StopIteration as end:
            defects = end.value
            break
    assert len(written) == len(held)
    assert [event["status_code"] for event in written[:2]] == ["UNKNOWN", "PASS"]
    assert "the verdict was fail" in written[0]["status_detail"]
    check_event(written[0])
    assert len(defects) == 1 and held[0].id in defects[0]


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

"""OSCAL assessment results: valid by NIST's schema, every reference leads somewhere, and no objective is satisfied."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from scanner.finding import Finding
from scanner.report import Report, oscal
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.sample import report_of, sample
from tests.engine.report.test_native import broken

PATH = Path(__file__).parents[2] / "data" / "oscal_assessment-results-1.2.3.schema.json"
CLASSES = {r"\p{L}": r"[^\W\d_]", r"\p{N}": r"\d"}
"""Classes of characters that Python's `re` does not know, in words that it does."""


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(for_python(json.loads(PATH.read_text(encoding="utf-8"))))


def for_python(schema: Any) -> Any:
    """The schema without the fragments that name its parts a second time, its patterns in Python's words."""
    if isinstance(schema, list):
        return [for_python(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for key, value in schema.items():
        if key == "pattern" and isinstance(value, str):
            for theirs, ours in CLASSES.items():
                value = value.replace(theirs, ours)
        if not (key == "$id" and isinstance(value, str) and value.startswith("#")):
            found[key] = for_python(value)
    return found


def document(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(oscal.write(report)))
    return found


def check_document(found: dict[str, Any]) -> None:
    problems = [f"{problem.json_path}: {problem.message[:200]}" for problem in validator().iter_errors(found)]
    assert problems == []
    root, (result,) = found["assessment-results"], found["assessment-results"]["results"]
    made = [UUID(value) for path, value in leaves(found) if path.endswith(".uuid")]
    assert len(made) == len(set(made)) and all(each.version == 5 for each in made)
    known = set(map(str, made))
    for path, value in leaves(found):
        if path.endswith("-uuid") or "-uuids[" in path:
            assert value in known, path
    assert root["import-ap"]["href"][1:] in {each["uuid"] for each in root["back-matter"]["resources"]}
    objectives = root.get("local-definitions", {}).get("objectives-and-methods", [])
    targets = {part["id"] for each in objectives for part in each["parts"]}
    assert {each["target"]["target-id"] for each in result.get("findings", [])} <= targets
    assert all(each["target"]["status"]["state"] == "not-satisfied" for each in result.get("findings", []))
    parties = {each["uuid"] for each in root["metadata"].get("parties", [])}
    for path, value in leaves(found):
        if "party-uuids" in path:
            assert value in parties
    for name in ("observations", "risks", "findings"):
        assert name not in result or result[name]


def leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def result_of(found: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = found["assessment-results"]["results"][0]
    return result


def props(of: dict[str, Any]) -> dict[str, str]:
    assert all(each["ns"] == "urn:ourside:ns:oscal" for each in of["props"])
    return {each["name"]: each["value"] for each in of["props"]}


def test_the_sample_is_valid_and_complete() -> None:
    found = document(sample())
    check_document(found)
    result, held = result_of(found), list(sample().findings)
    judged = [finding for finding in held if finding.status != "not-applicable"]
    assert len(result["observations"]) == len(judged)
    assert {props(each)["finding-id"] for each in result["observations"]} == {finding.id for finding in judged}
    violated = [finding for finding in held if finding.status in ("fail", "excepted")]
    assert len(result["findings"]) == len(result["risks"]) == len(violated)
    assert props(result)["results-not-applicable"] == "2"
    assert len(result["local-definitions"]["inventory-items"]) == len({finding.resource.uid for finding in judged})


@settings(max_examples=effort(25))
@given(st.lists(findings(), max_size=3, unique_by=lambda finding: finding.id))
def test_whatever_somebody_wrote_it_is_valid(given_findings: list[Finding]) -> None:
    text = "".join(oscal.write(report_of(given_findings)))
    assert text.isascii() and all(line.isprintable() for line in text.splitlines())
    check_document(json.loads(text))


def test_the_order_of_findings_changes_nothing() -> None:
    held = list(sample().findings)
    shuffled = list(held)
    random.Random(1).shuffle(shuffled)
    assert held != shuffled
    assert "".join(oscal.write(replace(sample(), findings=shuffled))) == "".join(oscal.write(sample()))
    for name in ("observations", "risks", "findings"):
        listed = [each["uuid"] for each in result_of(document(sample()))[name]]
        assert len(listed) > 1
    observed = [each["uuid"] for each in result_of(document(sample()))["observations"]]
    assert observed == sorted(observed)


def test_another_scan_names_the_same_things_alike() -> None:
    first = result_of(document(sample()))
    later = [msgspec.structs.replace(finding, scan="scan-2") for finding in sample().findings]
    run = msgspec.structs.replace(sample().run, scan="scan-2")
    again = result_of(document(replace(sample(), findings=later, run=run)))
    assert first["uuid"] != again["uuid"]
    for name in ("observations", "risks", "findings"):
        assert [each["uuid"] for each in first[name]] == [each["uuid"] for each in again[name]]


def test_what_was_accepted_is_a_deviation_with_a_last_day() -> None:
    (risk,) = (each for each in result_of(document(sample()))["risks"] if each["status"] != "open")
    assert (risk["status"], risk["deadline"]) == ("deviation-approved", "2027-01-31T23:59:59Z")
    assert (props(risk)["exception-ticket"], props(risk)["exception-approver"]) == ("RISK-7", "head of security")


def test_whose_it_is_travels_with_it() -> None:
    found = document(sample())
    result = result_of(found)
    observation = next(each for each in result["observations"] if props(each).get("owner") == "team-storage")
    told = props(observation)
    assert (told["duty"], told["layer"], told["side"]) == ("data.public-access", "data", "customer")
    assert (told["service-model"], told["shared-kind"]) == ("paas", "customer-only")
    assert told["backup-owner"].startswith("team ") and "\x1b" not in told["backup-owner"]
    parties = {each["uuid"]: each["name"] for each in found["assessment-results"]["metadata"]["parties"]}
    assert parties[told["owner-party"]] == "team-storage"
    (subject,) = observation["subjects"]
    items = {each["uuid"]: each for each in result["local-definitions"]["inventory-items"]}
    owner = items[subject["subject-uuid"]]["responsible-parties"][0]
    assert owner == {"role-id": "duty-owner", "party-uuids": [told["owner-party"]]}
    assert observation["methods"] == ["TEST"] and observation["collected"] == "2026-11-22T04:00:00Z"


def test_nothing_found_is_no_finding_and_nothing_is_satisfied() -> None:
    good = [finding for finding in sample().findings if finding.status in ("pass", "unknown")]
    found = document(report_of(good))
    check_document(found)
    assert "findings" not in result_of(found) and "risks" not in result_of(found)
    assert '"satisfied"' not in json.dumps(found)


def test_an_empty_report_is_valid() -> None:
    check_document(document(report_of([])))


@pytest.mark.parametrize("position", [0, -1])
def test_a_finding_that_cannot_be_written_costs_only_itself(position: int) -> None:
    held = [finding for finding in sample().findings if finding.status != "not-applicable"]
    held[position] = broken(held[position])
    pieces, texts = oscal.write(report_of(held)), []
    while True:
        try:
            texts.append(next(pieces))
        except StopIteration as end:
            defects = end.value
            break
    found = json.loads("".join(texts))
    check_document(found)
    assert len(result_of(found)["observations"]) == len(held)
    assert len(defects) == 1 and held[position].id in defects[0]

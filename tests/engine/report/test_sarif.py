"""SARIF: valid by the schema of OASIS, a failure a result, an accepted one suppressed, and what is missing said."""

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from scanner.finding import Finding, Lifecycle, State
from scanner.report import Report, sarif
from tests.engine.report.hostile import findings
from tests.engine.report.sample import HOSTILE, report_of, sample
from tests.engine.report.test_native import broken

PATH = (
    Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    / "schemas"
    / "sarif-2.1.0.schema.json"
)


@cache
def validator() -> Draft4Validator:
    if not PATH.exists():
        pytest.skip("the schema of SARIF is not there: its licence lets us use it, and not pass it on; OURSIDE_SHARED")
    return Draft4Validator(json.loads(PATH.read_text(encoding="utf-8")))


def log_of(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(sarif.write(report)))
    return found


def run_of(report: Report) -> dict[str, Any]:
    (run,) = log_of(report)["runs"]
    assert isinstance(run, dict)
    return run


def valid(found: dict[str, Any]) -> None:
    assert [f"{problem.json_path}: {problem.message[:200]}" for problem in validator().iter_errors(found)] == []


def test_the_sample_is_valid() -> None:
    valid(log_of(sample()))
    valid(log_of(report_of([])))


@settings(max_examples=25)
@given(st.lists(findings(), max_size=3))
def test_whatever_somebody_wrote_it_is_valid(given_findings: list[Finding]) -> None:
    text = "".join(sarif.write(report_of(given_findings)))
    assert text.isascii() and all(line.isprintable() for line in text.splitlines())
    valid(json.loads(text))
    for result in json.loads(text)["runs"][0]["results"]:
        shown = result["message"]["text"]
        assert shown.isprintable() and "](" not in shown.replace("\\](", "")


def test_failures_are_results_and_nothing_else_is() -> None:
    run, held = run_of(sample()), list(sample().findings)
    failed = [finding for finding in held if finding.status in ("fail", "excepted")]
    assert [each["partialFingerprints"] for each in run["results"]] == [{"findingId/v1": each.id} for each in failed]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(sample().checks)
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    first = run["results"][0]
    assert (first["kind"], first["level"]) == ("fail", "error")
    assert first["message"]["text"] == "customer-exports: the policy lets anyone read"
    (place,) = first["locations"][0]["logicalLocations"]
    assert place == {
        "name": "customer-exports",
        "fullyQualifiedName": "lab:store:customer-exports",
        "kind": "lab.storage.store",
    }
    whose = first["properties"]["responsibility"]
    assert (whose["duty"], whose["side"], whose["owner"]) == ("data.public-access", "customer", "team-storage")


def test_an_accepted_failure_is_suppressed_by_its_ticket() -> None:
    (result,) = (each for each in run_of(sample())["results"] if "suppressions" in each)
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"].startswith("RISK-7: ") and HOSTILE not in suppression["justification"]
    assert suppression["properties"]["expires"] == "2027-01-31"


def test_what_could_not_be_read_and_our_defects_are_notifications() -> None:
    (invocation,) = run_of(sample())["invocations"]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [each["level"] for each in told] == ["warning", "warning", "error"]
    assert told[0]["message"]["text"].startswith("needs store:GetPolicy (denied): 5 results are unknown for it")
    assert told[0]["properties"]["needs"] == ["store:GetPolicy"]


@pytest.mark.parametrize(
    ("state", "baseline"),
    [("new", "new"), ("reopened", "new"), ("standing", "unchanged"), ("changed", "updated"), (None, None)],
)
def test_what_became_of_a_failure(state: State | None, baseline: str | None) -> None:
    finding = next(iter(sample().findings))
    known = msgspec.structs.replace(finding, lifecycle=Lifecycle(state) if state else None)
    (result,) = run_of(report_of([known]))["results"]
    assert result.get("baselineState") == baseline


def test_a_finding_that_cannot_be_written_is_told_of() -> None:
    held = list(sample().findings)
    held[0] = broken(held[0])
    pieces, texts = sarif.write(replace(sample(), findings=held)), []
    while True:
        try:
            texts.append(next(pieces))
        except StopIteration as end:
            defects = end.value
            break
    run = json.loads("".join(texts))["runs"][0]
    assert len(defects) == 1 and held[0].id in defects[0]
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"].startswith(
        f"finding {held[0].id}"
    )

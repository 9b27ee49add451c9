"""SARIF: valid by the schema of OASIS, a failure a result, an accepted one suppressed, and what is missing said."""

import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from scanner.check import Reason
from scanner.finding import Finding, Lifecycle, State
from scanner.passage import Passage
from scanner.report import Report, sarif
from tests.effort import effort
from tests.engine.report.hostile import findings, passages
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


@settings(max_examples=effort(25))
@given(st.lists(findings(), max_size=3))
def test_whatever_somebody_wrote_it_is_valid(given_findings: list[Finding]) -> None:
    text = "".join(sarif.write(report_of(given_findings)))
    assert text.isascii() and all(line.isprintable() for line in text.splitlines())
    valid(json.loads(text))
    for result in json.loads(text)["runs"][0]["results"]:
        shown = result["message"]["text"]
        assert shown.isprintable() and "](" not in shown


def displayed(text: str) -> str:
    """A plain message as a reader shows it that goes by the specification, 3.11.5; we have no placeholder."""
    shown, rest = "", text
    while rest:
        assert not re.match(r"\{\d+\}", rest), text
        size = 2 if rest[:2] in ("{{", "}}") else 1
        shown, rest = shown + rest[0], rest[size:]
    return shown


@given(st.text("{}01a", max_size=12))
def test_no_name_is_a_placeholder(name: str) -> None:
    finding = next(iter(sample().findings))
    named = msgspec.structs.replace(finding, resource=msgspec.structs.replace(finding.resource, name=f"x{name}"))
    (result,) = run_of(report_of([named]))["results"]
    text = result["message"]["text"].removesuffix(": the policy lets anyone read")
    if re.search(r"\{\d+\}", name):
        assert displayed(text) == f"x{name}"
    else:
        assert text == f"x{name}"


@pytest.mark.parametrize("link", ["[click](http://evil.example)", "\\[click\\](http://evil.example)", "[a\\\\](1)"])
def test_nothing_that_somebody_wrote_is_a_link(link: str) -> None:
    """Not even where the backslash before a bracket is taken for a sign that was escaped."""
    finding = next(iter(sample().findings))
    (result,) = run_of(report_of([msgspec.structs.replace(finding, reasons=(Reason(link),))]))["results"]
    assert not re.search(r"\[((?:\\.|[^\]])*)\]\(", result["message"]["text"])
    assert "](" not in result["message"]["text"]


@settings(max_examples=effort(25))
@given(passages)
def test_a_file_is_an_address_that_leads_back_to_it(written: Passage) -> None:
    finding = next(iter(sample().findings))
    resource = msgspec.structs.replace(finding.resource, written=written)
    found = log_of(report_of([msgspec.structs.replace(finding, resource=resource)]))
    valid(found)
    (location,) = found["runs"][0]["results"][0]["locations"]
    file, region = location["physicalLocation"]["artifactLocation"], location["physicalLocation"]["region"]
    address = urlsplit(file["uri"])
    assert (address.scheme, address.netloc, address.query, address.fragment) == ("", "", "", "")
    assert unquote(urlsplit(urljoin("file:///base/", file["uri"])).path) == f"/base/{written.file}"
    assert region == {"startLine": written.first_line, "endLine": written.last_line or written.first_line}
    assert found["runs"][0]["originalUriBaseIds"].keys() == {file["uriBaseId"]}


def test_a_log_of_live_resources_speaks_of_no_file() -> None:
    text = "".join(sarif.write(sample()))
    assert "physicalLocation" not in text and "originalUriBaseIds" not in text


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

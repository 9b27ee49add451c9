"""Where a resource is written stands in every report for people and build servers, whichever way the finding came."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest

from scanner.passage import Passage
from tests.cli.conftest import Shell
from tests.cli.cumulus import ENTRY_POINTS
from tests.cli.paper import install
from tests.engine.report.html.reading import findings_in, parsed
from tests.engine.report.test_sarif import valid

FORMATS = ("sarif", "json", "csv", "junit", "markdown", "html")
CHECKS = ("--check", "storage-public-read,firewall-open-ssh")
WRITTEN = {"file": "sky/öpen sky.json", "first_line": 3, "last_line": 8}
AS_TEXT = "sky/öpen sky.json:3-8"
PHYSICAL = {
    "artifactLocation": {"uri": "sky/%C3%B6pen%20sky.json", "uriBaseId": "%SRCROOT%"},
    "region": {"startLine": 3, "endLine": 8},
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """One scan in all formats, kept in a history and as a snapshot."""
    folder = tmp_path_factory.mktemp("written")
    shell = Shell(folder, install(folder / "site", ENTRY_POINTS))
    outputs = ",".join(f"{name}=live.{name}" for name in FORMATS)
    keep = ("--history", "history.db", "--save-snapshot", "saved")
    scan = ("scan", "--provider", "cumulus", *CHECKS, "--format", ",".join(FORMATS), "--output", outputs, *keep)
    ended = shell(*scan)
    assert ended.code == 0, ended.stderr
    return shell


def told(shell: Shell, name: str) -> str:
    return (shell.folder / name).read_text(encoding="utf-8")


def locations(log: str) -> dict[str, dict[str, Any]]:
    """The location of each result, by the resource's name."""
    valid(json.loads(log))
    (run,) = json.loads(log)["runs"]
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]
    found = [result["locations"] for result in run["results"]]
    return {place["logicalLocations"][0]["name"]: place for (place,) in found}


def test_a_log_has_lines_of_files_beside_what_is_logical_and_none_of_what_is_live(shell: Shell) -> None:
    found = locations(told(shell, "live.sarif"))
    assert found["open"]["physicalLocation"] == PHYSICAL
    assert found["open"]["logicalLocations"][0]["fullyQualifiedName"] == "cumulus:barrel:open"
    assert found["front"].keys() == {"logicalLocations"}


def test_a_snapshot_judged_again_gives_the_same_log(shell: Shell) -> None:
    ended = shell("scan", "--snapshot", "saved", *CHECKS, "--format", "sarif")
    assert locations(ended.stdout) == locations(told(shell, "live.sarif"))


def test_the_history_tells_of_it(shell: Shell) -> None:
    ended = shell("ourside", "findings", "list", "--history", "history.db", "--format", "json")
    assert {line["resource"]["name"]: line["resource"].get("written") for line in resources(ended.stdout)} == {
        "open": WRITTEN,
        "front": None,
    }


def resources(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if "resource" in line]


def test_native_lines_have_it_and_those_of_live_ones_have_no_such_member(shell: Shell) -> None:
    found = {line["resource"]["name"]: line["resource"] for line in resources(told(shell, "live.json"))}
    assert found["open"]["written"] == WRITTEN
    assert "written" not in found["front"]


def test_a_table_has_a_column_for_it(shell: Shell) -> None:
    rows = csv.DictReader(io.StringIO(told(shell, "live.csv"), newline=""))
    assert {row["resource_name"]: row["written"] for row in rows} == {"open": AS_TEXT, "shut": "", "front": ""}


def test_a_build_server_is_told_the_file_and_its_line(shell: Shell) -> None:
    root = ElementTree.fromstring(told(shell, "live.junit"))  # our own
    cases = {str(case.get("name")).split(" ")[0]: case for case in root.iter("testcase")}
    case = cases["cumulus:barrel:open"]
    assert (case.get("file"), case.get("line")) == ("sky/öpen sky.json", "3")
    assert f"written in: {AS_TEXT}" in str(case[0].text).splitlines()
    assert cases["cumulus:gate:front"].keys() == ["classname", "name"]


def test_a_comment_says_it_beside_the_name(shell: Shell) -> None:
    text = told(shell, "live.markdown")
    assert f"| open in {AS_TEXT} |" in text
    assert "| front |" in text


def test_a_page_has_it(shell: Shell) -> None:
    found = {
        finding.resource.name: finding.resource.written for finding in findings_in(parsed(told(shell, "live.html")))
    }
    assert found["open"] == Passage("sky/öpen sky.json", 3, 8)
    assert not found["front"]


def test_nobody_is_told_a_file_by_a_redacted_report(shell: Shell) -> None:
    outputs = ",".join(f"{name}=redacted.{name}" for name in FORMATS)
    ended = shell(
        "scan", "--snapshot", "saved", *CHECKS, "--redact", "--format", ",".join(FORMATS), "--output", outputs
    )
    assert ended.code == 0, ended.stderr
    for name in FORMATS:
        text = told(shell, f"redacted.{name}")
        assert text
        assert not [word for word in ("pen sky", "pen%20sky") if word in text], name

"""`ourside explain`: so clear that it is forwarded as it is."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given

from scanner.cli import doors
from scanner.cli.explain_finding import explained, sheet
from scanner.cli.run import model_of
from scanner.facts import Unread
from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.labelled import as_markdown, on_terminal
from scanner.report.terminal import Terminal
from tests.cli.conftest import Shell
from tests.engine.report.hostile import findings
from tests.engine.report.sample import CHECKS, HOSTILE, MODEL, TAKEN, sample

TODAY = TAKEN.date()
BY_ID = {check.id: check for check in CHECKS}
FAILED = [
    finding for finding in sample().findings if finding.check == "storage-public-read" and finding.status == "fail"
]


def text_of(finding: Finding, today: date = TODAY) -> str:
    return "".join(on_terminal(sheet(finding, BY_ID.get(finding.check), MODEL, today), Terminal(100)))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_failure_says_what_whose_why_and_by_when() -> None:
    told = flat(text_of(FAILED[0]))
    for words in (
        "customer-exports",
        "the policy lets anyone read",
        "Customer data, classification and exposure: ours in every service model",
        "data.public-access",
        "our part Who may read and write the store.",
        "provider's part Disks, replicas and the service that answers.",
        "a managed service",
        "read on 2026-01-31",
        "team-storage",
        "#storage",
        "owners.yaml:3: duty data.*",
        "2026-11-29, in 7 days",
        "Remove the statement that lets everybody read.",
    ):
        assert words in told, words
    assert "overdue" in text_of(FAILED[0], date(2026, 12, 9))


def test_what_could_not_be_read_is_said_with_what_it_needs() -> None:
    unknown = next(finding for finding in sample().findings if finding.status == "unknown" and finding.needs)
    told = flat(text_of(unknown))
    assert "could not be read" in told
    assert "store:GetPolicy" in told


def test_what_was_read_and_does_not_tell_asks_for_no_permission() -> None:
    gap = Unread("not-yet-known", (), "", "", "the image is yours to patch")
    told = flat(text_of(msgspec.structs.replace(FAILED[0], status="unknown", reasons=(), unread=(gap,), needs=())))
    assert "not known the image is yours to patch" in told
    assert "see for yourself" in told
    assert "could not be read" not in told
    assert "grant" not in told


def test_an_object_of_the_providers_is_not_ours() -> None:
    theirs = next(finding for finding in sample().findings if finding.status == "not-applicable")
    assert "Why it is not ours" in text_of(theirs)
    assert "owner the provider" in flat(text_of(theirs))


def test_a_setting_that_moved_the_line_and_what_left_it_open_are_said() -> None:
    moved = msgspec.structs.replace(
        FAILED[0].responsibility,
        layer_owner="shared",
        boundary_rule="mode is manual: patches wait",
        undecided=("x not read",),
    )
    told = flat(text_of(msgspec.structs.replace(FAILED[0], responsibility=moved)))
    assert "A setting of this resource decides: mode is manual: patches wait." in told
    assert "Both sides have a part in it. What failed is ours." in told
    assert "Open: x not read." in told


def test_an_exception_is_shown_with_all_that_it_says() -> None:
    excepted = next(finding for finding in sample().findings if finding.status == "excepted")
    told = flat(text_of(excepted))
    for words in ("RISK-7", "head of security", "team-lab", "due when the exception ends, after 2027-01-31"):
        assert words in told


@given(findings())
def test_whatever_a_finding_holds_its_page_is_a_page(finding: Finding) -> None:
    page = sheet(finding, None, MODEL, TODAY)
    shown = "".join([*on_terminal(page, Terminal(100)), *as_markdown(page)])
    assert all(character.isprintable() for character in shown.replace("\n", ""))
    assert max(map(len, "".join(on_terminal(page, Terminal(100))).split("\n"))) <= 100
    assert msgspec.json.decode(json_line(explained(finding, None, MODEL, TODAY)))["duty_title"]


def test_a_command_to_copy_holds_plain_words_only() -> None:
    hostile = msgspec.structs.replace(
        FAILED[0], resource=msgspec.structs.replace(FAILED[0].resource, account="1; rm -rf ~")
    )
    assert explained(hostile, None, MODEL, TODAY).verify is None
    option = msgspec.structs.replace(FAILED[0], resource=msgspec.structs.replace(FAILED[0].resource, account="--demo"))
    assert explained(option, None, MODEL, TODAY).verify is None
    assert (
        explained(FAILED[0], None, MODEL, TODAY).verify
        == "scan --provider lab --account 1111 --check storage-public-read"
    )


def test_every_duty_check_and_type_can_be_explained() -> None:
    from scanner.cli import explain_check, explain_duty, explain_type

    model = model_of(list(doors.providers()))
    pages = [explain_duty.sheet(duty, model, ()) for duty in model.duties.values()]
    pages += [explain_check.sheet(check, model, ()) for check in list(doors.checks().values())[::12]]
    pages += [explain_type.sheet(kind, model) for kind in list(model.types.values())[::6]]
    for page in pages:
        assert all(part.lines for part in page.sections[:1])
        assert max(map(len, "".join(on_terminal(page, Terminal(100))).split("\n"))) <= 100


def written(shell: Shell) -> str:
    path = shell.folder / "findings.json"
    report = sample()
    path.write_text("".join(f"{json_line(each)}\n" for each in [*report.findings, {"run": report.run}]))
    return path.name


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["data.public-access"], "Keep data stores, snapshots and images out of public reach"),
        (["storage-public-read", "--format", "markdown"], "## What it needs"),
        (["aws.s3.bucket", "--format", "json"], '"service_model":"paas"'),
        (["nist-800-53r5:AC-3"], "data.public-access"),
    ],
)
def test_names_of_all_sorts(bare: Shell, words: list[str], expected: str) -> None:
    ended = bare("ourside", "explain", *words)
    assert (ended.code, ended.stderr) == (0, "")
    assert expected in ended.stdout


def test_a_finding_by_the_beginning_of_its_id(bare: Shell) -> None:
    ended = bare("ourside", "explain", FAILED[0].id[:12], written(bare), "--format", "json")
    assert ended.code == 0, ended.stderr
    assert msgspec.json.decode(ended.stdout)["finding"]["id"] == FAILED[0].id
    shown = bare("ourside", "explain", next(each.id for each in FAILED if HOSTILE in each.resource.name), written(bare))
    assert "\x1b" not in shown.stdout
    assert "\\x1b[31mred" in shown.stdout


def test_what_does_not_exist(bare: Shell) -> None:
    ended = bare("ourside", "explain", "storage-public-raed")
    assert ended.code == 2
    assert "storage-public-read" in ended.stderr
    assert bare("ourside", "explain", "f1:00000000", written(bare)).code == 2

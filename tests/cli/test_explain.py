"""`ourside explain`: so clear that it is forwarded as it is."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli import doors
from scanner.cli.explain.finding import explained, sheet
from scanner.cli.explain.words import SHARED, hanging
from scanner.cli.planning import model_of
from scanner.facts import Unread
from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.report.fix_words import of_cloud
from scanner.report.labelled import LABEL_WIDTH, as_markdown, on_terminal
from scanner.report.terminal import Terminal
from scanner.responsibility.attribution import Owner, Responsibility
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.model import BoundaryRule
from scanner.responsibility.resolve import provider_side, resolve
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


def is_narrow(page: str) -> bool:
    """Whether only one word, which must stay whole to be copied, runs over the width."""
    return all(len(row) <= 100 or " " not in row[LABEL_WIDTH:].strip() for row in page.split("\n"))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_failure_says_what_whose_why_and_by_when() -> None:
    told = flat(text_of(FAILED[0]))
    for words in (
        "customer-exports",
        "the policy lets anyone read",
        "Customer data, classification and exposure: ours in every service model",
        "data.public-access",
        "our part on this type of resource: Who may read and write the store.",
        "provider's part on this type of resource: Disks, replicas and the service that answers.",
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


REAL = model_of(["aws", "azure", "gcp"])
ANSWERS = [
    resolve(REAL, kind, duty, lambda name: Unknown(name, "denied"))
    for kind in [*list(REAL.types)[::5], "nobody.knows.this"]
    for duty in REAL.duties
]


def test_no_page_says_of_one_thing_that_it_is_ours_and_that_it_is_not() -> None:
    """What is said of the duty as a whole stands only beside words on this resource that agree with it."""
    theirs = [provider_side(REAL, kind, duty) for kind in list(REAL.types)[::9] for duty in REAL.duties]
    moved = [msgspec.structs.replace(ANSWERS[0], layer_owner=owner) for owner in get_args(Owner)]
    for answer in [*ANSWERS, *theirs, *moved]:
        hang = hanging(answer)
        if answer.side == "provider" or answer.layer_owner == "provider":
            assert hang != SHARED["customer-only"]
        if answer.layer_owner == "customer" or answer.side == "provider":
            assert not (hang or "").startswith("shared")


def test_the_halves_of_the_duty_come_first_then_those_of_the_type_or_of_the_rule_that_fired() -> None:
    def told(answer: Responsibility) -> str:
        page = sheet(msgspec.structs.replace(FAILED[0], responsibility=answer), None, REAL, TODAY)
        return flat("".join(on_terminal(page, Terminal(100))))

    duty, kind = REAL.duties["runtime.patching"], REAL.types["aws.eks.cluster"]
    by_table = told(resolve(REAL, kind.id, duty.id, lambda name: Unknown(name, "denied")))
    assert f"our part of this duty: {duty.customer}" in by_table
    assert f"provider's part of this duty: {duty.counterpart}" in by_table
    assert by_table.index(duty.customer) < by_table.index(f"on this type of resource: {kind.customer}")
    by_rule = told(resolve(REAL, kind.id, duty.id, {"nodes": "own-images"}.get))
    assert kind.customer not in by_rule
    assert "on this resource: Images of the nodes, built again with each patch" in by_rule
    theirs = told(provider_side(REAL, kind.id, duty.id))
    assert duty.customer not in theirs
    assert "how they hang" not in theirs
    undescribed = told(resolve(REAL, "nobody.knows.this", duty.id, lambda name: Unknown(name, "denied")))
    assert undescribed.count(duty.customer) == 1, "the duty's own words are not said twice"


@pytest.mark.parametrize("boundary", [(kind.id, rule) for kind in REAL.types.values() for rule in kind.boundary])
def test_a_rule_that_moves_the_line_has_halves_of_its_own(boundary: tuple[str, BoundaryRule]) -> None:
    _, rule = boundary
    assert rule.customer
    assert rule.provider


def test_what_to_do_is_told_for_the_cloud_of_the_finding() -> None:
    titles = {name: provider.title for name, provider in doors.providers().items()}
    check = doors.checks()["storage-public-read"]
    for cloud, tool in {"aws": "aws s3api", "azure": "az storage", "gcp": "gcloud storage", "lab": ""}.items():
        finding = msgspec.structs.replace(
            FAILED[0], resource=msgspec.structs.replace(FAILED[0].resource, provider=cloud)
        )
        page = sheet(finding, check, REAL, TODAY, titles)
        for told in (flat("".join(on_terminal(page, Terminal(100)))), flat("".join(as_markdown(page)))):
            assert "Take away the grant" in told
            assert tool in told
            for other in {"aws s3api", "az storage", "gcloud storage"} - {tool}:
                assert other not in told


@given(st.lists(st.sampled_from(["Do it.", "On A: x.", "On B: y.", "Then z."]), min_size=1, max_size=6))
def test_a_fix_loses_nothing_but_what_stands_behind_another_clouds_title(parts: list[str]) -> None:
    fix = " ".join(parts)
    cut = of_cloud(fix, "A", ["A", "B"])
    assert cut
    assert of_cloud(cut, "A", ["A", "B"]) == cut
    if cut != fix:
        assert "y." not in cut
    assert cut.count("x.") == fix.count("x.")
    general = fix[: re.search(r"On [AB]: |$", fix).start()].strip()  # type: ignore[union-attr]
    assert cut.startswith(general)
    assert of_cloud(fix, "A", []) == fix


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
    assert is_narrow("".join(on_terminal(page, Terminal(100))))
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
    from scanner.cli.explain import check, duty, resource_type

    model = model_of(list(doors.providers()))
    pages = [duty.sheet(each, model, ()) for each in model.duties.values()]
    pages += [check.sheet(each, model, ()) for each in list(doors.checks().values())[::12]]
    pages += [resource_type.sheet(kind, model) for kind in list(model.types.values())[::6]]
    for page in pages:
        assert all(part.lines for part in page.sections[:1])
        assert is_narrow("".join(on_terminal(page, Terminal(100))))


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

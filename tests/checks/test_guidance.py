"""Laws over all checks: how they are called, where they lie, and what they tell their reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.check import Check
from scanner.cli import doors
from scanner.model import Resource
from scanner.report.fix_words import of_cloud
from tests.checks.judging import MODEL, OURS

DOCUMENTATION = {
    "aws": "https://docs.aws.amazon.com/",
    "azure": "https://learn.microsoft.com/",
    "gcp": "https://cloud.google.com/",
}

TOOLS = {"aws": "aws", "az": "azure", "gcloud": "gcp", "bq": "gcp"}
"""The cloud of a command."""

each_check = pytest.mark.parametrize("check", OURS.values(), ids=OURS.keys())


def judged(check: Check[Any]) -> Iterator[tuple[str, type[Resource]]]:
    for name, provider in doors.providers().items():
        yield from ((name, kind) for kind in provider.kinds() if check.applies_to(kind))


@each_check
def test_its_id_is_kebab_and_names_its_file(check: Check[Any]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", check.id)
    assert check.module.rsplit(".", 1)[-1] == check.id.replace("-", "_")


def test_a_file_holds_one_check() -> None:
    modules = [check.module for check in OURS.values()]
    assert len(set(modules)) == len(modules)


@each_check
def test_its_folder_is_a_duty(check: Check[Any]) -> None:
    assert check.duty in MODEL.duties
    assert check.module.split(".")[1:-1] == check.duty.replace("-", "_").split(".")


@each_check
def test_its_duty_is_one_of_what_it_judges(check: Check[Any]) -> None:
    """Each resource type that a check judges lists the check's duty, and some provider has such a type."""
    kinds = [kind for _, kind in judged(check)]
    assert kinds
    for kind in kinds:
        assert check.duty in MODEL.types[kind.type_id].duties, f"{kind.type_id} does not list {check.duty}"


@each_check
def test_its_first_line_is_a_short_sentence(check: Check[Any]) -> None:
    title = check.guidance.title
    assert title.endswith(".")
    assert title[0].isupper()
    assert len(title) <= 90


def test_no_two_say_the_same() -> None:
    titles = [check.guidance.title for check in OURS.values()]
    assert len(set(titles)) == len(titles)


@each_check
def test_it_says_why_and_how_to_mend(check: Check[Any]) -> None:
    guidance = check.guidance
    assert guidance.why.count(". ") >= 1, "the why has at least two sentences"
    assert guidance.why.endswith(".")
    assert guidance.fix.endswith(".")
    assert guidance.fix.count("`") % 2 == 0


@each_check
def test_each_command_of_one_cloud_stands_behind_the_clouds_title(check: Check[Any]) -> None:
    """`explain FINDING` shows the general words and the sentences of the finding's cloud: it cuts at `On TITLE: `."""
    fix = check.guidance.fix
    titles = {name: provider.title for name, provider in doors.providers().items() if name in DOCUMENTATION}
    for tool, name in TOOLS.items():
        for command in re.findall(rf"`{tool} [^`]*`", fix):
            assert command in of_cloud(fix, titles[name], titles.values()), command
            for other in {*titles.values()} - {titles[name]}:
                assert command not in of_cloud(fix, other, titles.values()), f"{command} is shown on {other}"
    assert not re.search(rf"(^|\. )On ({'|'.join(titles.values())})\b(?!: )", fix), "write `On TITLE: ` with a colon"


@each_check
def test_it_cites_the_documentation_of_each_provider_that_it_judges(check: Check[Any]) -> None:
    references = check.guidance.references
    assert len(set(references)) == len(references)
    for reference in references:
        assert reference.startswith(tuple(DOCUMENTATION.values())), reference
        assert " " not in reference
    for name, _ in judged(check):
        assert any(reference.startswith(DOCUMENTATION[name]) for reference in references)

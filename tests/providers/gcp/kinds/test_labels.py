"""Verdicts that were written by hand, from documentation, by somebody who had not seen the rules."""

from __future__ import annotations

import pytest

from tests.providers.gcp.kinds.labelled import CHECKS, LISTS, NODES, verdicts
from tests.providers.labels import Label, labels, recordings

_LABELS = [label for label in labels("gcp") if label.type in {*LISTS, *NODES}]


@pytest.mark.parametrize("label", _LABELS, ids=lambda label: label.id)
def test_the_checks_say_what_a_reader_of_the_documentation_says(label: Label) -> None:
    held = recordings("gcp")
    if not label.own and not held.present:
        pytest.skip("the recorded answers of clouds are not beside this repository")
    wrong: list[str] = []
    for case in label.cases(held):
        found = verdicts(case)
        for check in case.expect:
            if check not in CHECKS:
                wrong.append(f"{case.name}: there is no check {check}")
            elif not case.right(check, found.get(check, "nothing")):
                wrong.append(f"{case.name}: {check} is {found.get(check, 'nothing')}, not {case.expect[check]}")
    assert not wrong, "\n" + "\n".join(wrong)

"""What judges our events does reject broken ones."""

import json
from typing import Any

import pytest

from tests.engine.report.ocsf_lint import DATA, problems
from tests.engine.report.sample import sample
from tests.engine.report.test_ocsf import by_status

BROKEN: dict[str, Any] = json.loads((DATA / "ocsf-invalid.json").read_text(encoding="utf-8"))


def test_what_they_were_made_from_is_accepted() -> None:
    """So that what rejects one of them is what is wrong with it."""
    assert problems(json.loads((DATA / "ocsf-valid.json").read_text(encoding="utf-8"))) == []
    assert len(BROKEN) == 23


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_event_is_rejected(name: str) -> None:
    assert problems(BROKEN[name])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": 1_795_320_000}, "milliseconds"),
        ({"severity": "Low"}, "caption"),
        ({"status": "Resolved"}, "caption"),
        ({"status_detail": ""}, "empty"),
        ({"observables": []}, "empty"),
        ({"resource": {"uid": "one"}}, "deprecated"),
    ],
)
def test_what_the_schemas_let_pass_is_rejected_too(change: dict[str, Any], said: str) -> None:
    event = by_status(sample())["FAIL"]
    assert problems(event) == []
    assert any(said in problem for problem in problems({**event, **change}))

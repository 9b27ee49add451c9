"""Hostile documents: bounded work, `unknown` with the reason where that is not enough, never a wrong private."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from providers.aws.policy.engine import ENGINE
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.satisfiable import some_request
from providers.aws.policy.questions.transport import tls_only
from providers.aws.policy.questions.witnesses import Witness
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import Party
from scanner.access.work import LimitReached, Work
from tests.providers.aws.policy.documents import BUCKET, OWN, OWNER, RESOURCE, allow, policy
from tests.providers.aws.policy.hostile import HOSTILE

TRUE: Mapping[str, str] = {
    # Nothing that they speak of exists, or it is all of the own account.
    "many_statements": "private",
    "big": "private",
    "many_actions": "private",
    "many_accounts": "cross-account",
    "many_principals": "cross-account",
}
"""What is so; the others are public where they can be read at all."""
UNREADABLE = {"deep_nesting", "deep_objects", "too_big"}
DECIDED = {"many_statements", "big", "star_bombs", "question_marks", "nested_variables"}
"""Not so large but that they are answered."""


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_document_is_judged_rightly_or_unknown(name: str) -> None:
    found = ENGINE.judge("s3", {"account": OWN, "resource": BUCKET, "policy": HOSTILE[name]()})
    assert found.verdict in ("unknown", TRUE.get(name, "public")), found.why
    assert (found.verdict == "unknown") >= (name in UNREADABLE)
    assert found.verdict != "unknown" or found.why
    assert name not in DECIDED or found.verdict != "unknown", found.why
    assert "defect" not in found.why


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_other_questions_about_it_end_too(name: str) -> None:
    document = parse(HOSTILE[name]())
    assert isinstance(document, Malformed) is (name in UNREADABLE)
    if isinstance(document, Policy):
        found = some_request(document)
        assert isinstance(found, Witness | Open)
        assert not isinstance(found, Open) or "defect" not in found.why
        assert tls_only(document, BUCKET).verdict != "yes"


def test_work_that_is_shared_is_shared() -> None:
    """The first question takes what the second would need: so the work of all is bounded."""
    document = policy(allow())
    work = Work(120)
    subject = Subject(Party("anonymous"), "s3:GetObject", "/*", "anyone")
    answers = [
        Asking(Documents(document), OWNER, RESOURCE, subject, "named", work=work).answer(document.statements[0])
        for _ in range(3)
    ]
    assert not isinstance(answers[0], Open)
    assert isinstance(answers[-1], Open)
    assert "work" in answers[-1].why


def test_work_is_counted_once_for_what_is_kept() -> None:
    work = Work(10)
    for _ in range(5):
        work.spend_once("the same", 10)
    with pytest.raises(LimitReached, match="work"):
        work.spend_once("another", 1)

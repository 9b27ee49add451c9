"""Why a principal can or cannot: what decides, and edits that really allow it."""

from __future__ import annotations

import pytest

from providers.aws.answers.why import why
from scanner.facts import Unread
from scanner.questions import BadInput
from tests.providers.aws.answers.accounts import allow, arn, bucket, deny, estate, managed, role, user

OBJECT = "arn:aws:s3:::acme-data/q3"
READ = "s3:GetObject"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
ACCOUNT = estate(
    bucket(),
    managed("ceiling", allow("s3:List*")),
    user("plain", allow(READ)),
    user("with-mfa", allow(READ, condition=MFA)),
    user("denied", allow(READ), deny("s3:*")),
    user("bounded", allow(READ), boundary=arn("policy", "ceiling")),
    user("nobody"),
    user("twin"),
    role("twin"),
)


@pytest.mark.parametrize(
    ("name", "result", "edits"),
    [
        ("plain", "Allowed", 0),
        ("with-mfa", "Allowed", 0),
        ("denied", "ExplicitlyDenied", 1),
        ("bounded", "ImplicitlyDenied", 1),
        ("nobody", "ImplicitlyDenied", 1),
    ],
)
def test_the_result_and_how_many_edits_would_allow_it(name: str, result: str, edits: int) -> None:
    found = why([ACCOUNT], arn("user", name), READ, OBJECT)
    assert (found.result, len(found.edits)) == (result, edits)
    assert (found.witness is not None) is (result == "Allowed")


def test_the_deciding_statement_has_a_name_and_a_place() -> None:
    (deciding,) = why([ACCOUNT], "denied", READ, OBJECT).deciding
    assert (deciding.effect, deciding.document, deciding.pointer) == ("Deny", "policy own-denied", "/Statement/1")


def test_an_allowed_request_shows_what_it_must_satisfy() -> None:
    assert why([ACCOUNT], "with-mfa", READ, OBJECT).conditions == ("with MFA",)
    assert why([ACCOUNT], "plain", READ, OBJECT).conditions == ()


def test_what_was_not_read_is_unknown() -> None:
    denied = Unread("denied", ("iam:X",), "iam:X", "user.attached")
    found = why([estate(bucket(), user("ann", allow(READ), attached=denied))], "ann", READ, OBJECT)
    assert found.result == "unknown"
    assert "iam:X" in found.why


@pytest.mark.parametrize(("name", "word"), [("unheard", "no user or role"), ("twin", "may be")])
def test_a_principal_has_to_be_one_that_was_read(name: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        why([ACCOUNT], name, READ, OBJECT)

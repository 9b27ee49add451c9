"""Keys in the credential report: what the report does not tell is not taken for old or new."""

from __future__ import annotations

import pytest

from providers.aws.credential_report import keys

NO_KEY = {"active": "false", "last_rotated": "N/A", "last_used_date": "N/A"}
MADE = "2026-01-02T03:04:05+00:00"


def row(first: dict[str, str], second: dict[str, str] = NO_KEY) -> dict[str, str]:
    return {f"access_key_{n}_{column}": text for n, key in ((1, first), (2, second)) for column, text in key.items()}


def test_a_key_that_was_never_made_is_none() -> None:
    assert keys(row(NO_KEY)) == ()


def test_a_key_that_was_switched_off_keeps_its_age() -> None:
    (key,) = keys(row({**NO_KEY, "last_rotated": MADE}))
    assert (key.label, key.active, key.last_used) == ("access key 1", False, None)
    assert key.created is not None
    assert key.created.isoformat() == MADE


def test_an_active_key_without_an_age_is_a_failed_read() -> None:
    with pytest.raises(ValueError, match="access_key_2 is active"):
        keys(row(NO_KEY, {**NO_KEY, "active": "true"}))

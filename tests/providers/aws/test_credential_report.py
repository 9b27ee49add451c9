"""Keys in the credential report: what the report does not tell is not taken for old or new."""

from __future__ import annotations

import pytest

from checks.identity.strong_authentication.account_root_without_mfa import root_without_mfa
from providers.aws.credential_report import keys
from providers.aws.emulator.estate import Root
from tests.providers.aws.few import estate, statuses

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


@pytest.mark.parametrize(("root", "status"), [(Root(mfa=False), "fail"), (Root(mfa=False, password=False), "pass")])
def test_a_root_user_whose_credentials_were_removed_needs_no_second_factor(root: Root, status: str) -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
    found = statuses(estate(root=root), root_without_mfa)
    assert found == {("account-root-without-mfa", "444455556666"): status}

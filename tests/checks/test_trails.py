"""One trail that records everything is enough, whatever is not known of others."""

from __future__ import annotations

from checks.logging.audit_trail.audit_trail_missing import FULL, HIDDEN, STOPPED, UNTOLD, missing
from scanner.kinds import Account
from tests.checks.judging import judge


def test_a_full_trail_is_enough_whatever_is_not_known_of_others() -> None:
    for account in (
        Account.given().among(UNTOLD, FULL),
        Account.given().among(FULL, UNTOLD),
        Account.given().among(STOPPED, FULL, gaps=[HIDDEN]),
    ):
        assert judge(missing, account).status == "pass"

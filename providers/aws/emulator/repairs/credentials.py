"""IAM's credential report, account summary and password policy."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.iam.models import AccessKey, User

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation

_KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
_COLUMNS = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed"),
    *("password_next_rotation", "mfa_active"),
    *(f"access_key_1_{column}" for column in _KEY_COLUMNS),
    *(f"access_key_2_{column}" for column in _KEY_COLUMNS),
    *("cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated"),
)
_NO_KEY = ("false", "N/A", "N/A", "N/A", "N/A")
_NO_CERTIFICATES = ("false", "N/A", "false", "N/A")


def generate_credential_report(account: Account, _: Operation) -> Members:
    """STARTED at first, COMPLETE ever after.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html: a report is made once in four
    hours; asking again before that names the one that is there. Moto has a report as soon as it is asked for one.
    """
    iam = account.world.iam
    if iam.credential_report is None:
        iam.credential_report = False
        return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}
    iam.credential_report = True
    return {"State": "COMPLETE"}


def get_credential_report(account: Account, _: Operation) -> Members:
    """The report, with the root user's row first.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html: the columns, and `N/A`,
    `no_information` and `not_supported` in them. Moto has no row for the root user, says `not_supported` of a user
    without a password, and never tells where a key was used.
    """
    state = account.world.iam.credential_report
    if state is None:
        raise Refused(410, "ReportNotPresent", "No report exists. Generate one with GenerateCredentialReport first")
    if state is False:
        raise Refused(404, "ReportInProgress", "The report is being generated")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_COLUMNS, _root_row(account), *_user_rows(account)])
    content = text.getvalue().rstrip("\n")
    return {"Content": content, "ReportFormat": "text/csv", "GeneratedTime": account.born}


def _root_row(account: Account) -> tuple[str, ...]:
    root = account.estate.root
    used = root.password_last_used_days_ago
    keys = [*(_estate_key(account, key) for key in root.keys), _NO_KEY, _NO_KEY][:2]
    return (
        *("<root_account>", f"arn:aws:iam::{account.number}:root", _time(account.days_ago(2000)), "not_supported"),
        *("no_information" if used is None else _time(account.days_ago(used)), "not_supported", "not_supported"),
        *(_flag(root.mfa), *keys[0], *keys[1], *_NO_CERTIFICATES),
    )


def _estate_key(account: Account, key: estate.AccessKey) -> tuple[str, ...]:
    rotated = _time(account.days_ago(key.age_days))
    if key.last_used_days_ago is None:
        return (_flag(key.active), rotated, "N/A", "N/A", "N/A")
    used = _time(account.days_ago(key.last_used_days_ago))
    return (_flag(key.active), rotated, used, key.last_used_region, key.last_used_service)


def _user_rows(account: Account) -> Iterator[tuple[str, ...]]:
    passwords = {user.name: user.password for user in account.estate.users}
    for user in account.world.iam.users.values():
        keys = [*(_moto_key(key) for key in user.access_keys), _NO_KEY, _NO_KEY][:2]
        yield (
            *(user.name, user.arn, _time(user.create_date)),
            *_password(account, user, passwords.get(user.name)),
            *(_flag(bool(user.mfa_devices)), *keys[0], *keys[1], *_NO_CERTIFICATES),
        )


def _password(account: Account, user: User, password: estate.Password | None) -> tuple[str, str, str, str]:
    if not user.password:
        return ("false", "N/A", "N/A", "N/A")
    used = _time(user.password_last_used) if user.password_last_used else "no_information"
    changed = _time(account.days_ago(password.changed_days_ago)) if password else _time(user.create_date)
    return ("true", used, changed, "N/A")


def _moto_key(key: AccessKey) -> tuple[str, ...]:
    rotated = _time(key.create_date)
    if key.last_used is None:
        return (_flag(key.status == "Active"), rotated, "N/A", "N/A", "N/A")
    used = key.last_used
    return (_flag(key.status == "Active"), rotated, _time(used.timestamp), used.region, used.service)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _flag(value: bool) -> str:
    return "true" if value else "false"


def get_account_summary(account: Account, _: Operation) -> Members:
    """The counts and quotas, with the root user's credentials.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html: AccountMFAEnabled,
    AccountAccessKeysPresent and AccountPasswordPresent are 1 when the root user has them. Moto always says 0.
    """
    root = account.estate.root
    summary: dict[str, Any] = dict(account.world.iam.account_summary.summary_map)
    summary |= {
        "AccountMFAEnabled": int(root.mfa),
        "AccountAccessKeysPresent": int(any(key.active for key in root.keys)),
        "AccountPasswordPresent": int(root.password),
    }
    return {"SummaryMap": summary}


def get_account_password_policy(account: Account, _: Operation) -> Members:
    """The password policy, without the members that are not set.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html: MaxPasswordAge, PasswordReusePrevention
    and HardExpiry are there only when they are set. Moto writes zeroes for them.
    """
    policy = account.world.iam.account_password_policy
    if policy is None:
        message = f"The Password Policy with domain name {account.number} cannot be found."
        raise Refused(404, "NoSuchEntity", message)
    members: Members = {
        "MinimumPasswordLength": policy.minimum_password_length,
        "RequireSymbols": policy.require_symbols,
        "RequireNumbers": policy.require_numbers,
        "RequireUppercaseCharacters": policy.require_uppercase_characters,
        "RequireLowercaseCharacters": policy.require_lowercase_characters,
        "AllowUsersToChangePassword": policy.allow_users_to_change_password,
        "ExpirePasswords": policy.expire_passwords,
    }
    if policy.max_password_age:
        members |= {"MaxPasswordAge": policy.max_password_age, "HardExpiry": bool(policy.hard_expiry)}
    if policy.password_reuse_prevention:
        members["PasswordReusePrevention"] = policy.password_reuse_prevention
    return {"PasswordPolicy": members}

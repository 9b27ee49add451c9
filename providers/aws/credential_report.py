"""The credential report: passwords, second factors and keys of all users in one answer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from scanner.facts import Answer, Call
from scanner.kinds import Credential

NO_TIME = frozenset({"N/A", "no_information", "not_supported", ""})
KEYS = ("access_key_1", "access_key_2")


def rows(answer: Answer) -> Sequence[Answer]:
    """The lines of the report, by column."""
    return list(csv.DictReader(io.StringIO(answer["Content"].decode())))


GENERATE = Call(
    "iam",
    "GenerateCredentialReport",
    needs="iam:GenerateCredentialReport",
    until=lambda answer: answer["State"] == "COMPLETE",
)
CREDENTIAL_REPORT = Call("iam", "GetCredentialReport", needs="iam:GetCredentialReport", rows=rows, after=GENERATE)


def moment(text: str) -> datetime | None:
    """A time of the report; None where it has none."""
    return None if text in NO_TIME else datetime.fromisoformat(text)


def keys(row: Answer) -> tuple[Credential, ...]:
    """The access keys of a user. A key that was never made has no time of rotation, an active one always has.

    Raises ValueError for an active key without one: no age could be told.
    """
    return tuple(_key(row, key) for key in KEYS if row[f"{key}_last_rotated"] not in NO_TIME or _active(row, key))


def _key(row: Answer, key: str) -> Credential:
    active, rotated = _active(row, key), moment(row[f"{key}_last_rotated"])
    if active and rotated is None:
        raise ValueError(f"{key} is active and has no time of rotation")
    return Credential(key.replace("_", " "), active, rotated, moment(row[f"{key}_last_used_date"]))


def _active(row: Answer, key: str) -> bool:
    return bool(row[f"{key}_active"] == "true")


def last_use(row: Answer) -> datetime | None:
    """When any of the credentials was last used."""
    columns = ["password_last_used", *(f"{key}_last_used_date" for key in KEYS)]
    return max((used for used in (moment(row[column]) for column in columns) if used), default=None)

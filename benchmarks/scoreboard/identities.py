"""Cases about a user: can it get to everything, at once or by steps that are known?

All stand in one small account. The user is `dev`. User `alice` and group `admins` may do everything, and so may role
`deploy`, which Lambda and the account may take on; the account may also take on role `reader`, which reads one bucket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.scoreboard.cases import Case, read
from providers.aws.policy.escalation import ConcreteCan, Document, Group, Principal, Principals, escalation
from providers.aws.policy.language.parse import parse

_CASES: Final = Path(__file__).parent / "identities.json"
_ACCOUNT: Final = "111122223333"
_ARN: Final = f"arn:aws:iam::{_ACCOUNT}"
_EVERYTHING: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_READING: Final = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*"}


def identity_cases() -> list[Case]:
    """All of them."""
    return read(_CASES)


def judge_identity(given: Mapping[str, Any]) -> str:
    """What our escalation graph says of the user that holds the policies: administrator, not administrator, unknown."""
    own = tuple(_document(f"own-{number}", policy) for number, policy in enumerate(given["policies"]))
    admins = Group(f"{_ARN}:group/admins", (_made("admins", _EVERYTHING),))
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    account = {"Effect": "Allow", "Principal": {"AWS": _ACCOUNT}, "Action": "sts:AssumeRole"}
    dev = Principal(f"{_ARN}:user/dev", "user", own, tags=())
    everybody = (
        dev,
        Principal(f"{_ARN}:user/alice", "user", (_made("alice", _EVERYTHING),), tags=()),
        Principal(
            f"{_ARN}:role/deploy",
            "role",
            (_made("deploy", _EVERYTHING),),
            trust=_made("trust", service, account).policy,
            tags=(),
        ),
        Principal(
            f"{_ARN}:role/reader", "role", (_made("reader", _READING),), trust=_made("t", account).policy, tags=()
        ),
    )
    principals = Principals(_ACCOUNT, everybody, (admins,))
    found = escalation(principals, ConcreteCan(principals, given["evaluationTime"]))
    if dev.arn in found.admins or dev.arn in found.paths:
        return "administrator"
    return "unknown" if dev.arn in found.unknown else "not administrator"


def _document(name: str, policy: Any) -> Document:
    return Document(name, parse(json.dumps(policy)))


def _made(name: str, *statements: Mapping[str, Any]) -> Document:
    return _document(name, {"Version": "2012-10-17", "Statement": list(statements)})

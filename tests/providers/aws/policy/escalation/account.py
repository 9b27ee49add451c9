"""Small accounts for the tests, written as policies are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from providers.aws.policy.escalation import Document, Escalations, Group, Principal, Principals, escalation
from providers.aws.policy.escalation.principals import Workload
from providers.aws.policy.language.parse import parse
from providers.aws.policy.questions.oracle import SymbolicCan

ACCOUNT = "111122223333"
Json = dict[str, Any]


def user_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def policy_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def statement(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> Json:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def document(*statements: Json, name: str = "inline", arn: str = "", earlier: Any = None) -> Document:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return Document(name, parse(text), arn, earlier)


def trust(*principals: str, **more: Any) -> Any:
    """A trust policy; names that end in amazonaws.com are services."""
    services = [name for name in principals if name.endswith(".amazonaws.com")]
    others = [name for name in principals if name not in services]
    named: Json = {}
    if services:
        named["Service"] = services
    if others:
        named["AWS"] = others
    one = {"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole", **more}
    return parse(json.dumps({"Version": "2012-10-17", "Statement": [one]}))


def user(name: str, *documents: Document, **more: Any) -> Principal:
    return Principal(user_arn(name), "user", documents, tags=(), **more)


def role(name: str, *documents: Document, **more: Any) -> Principal:
    return Principal(role_arn(name), "role", documents, tags=(), **more)


ALL = document(statement("*"), name="all")


def account_of(*principals: Principal, **more: Any) -> Principals:
    return Principals(ACCOUNT, principals, **more)


def answer(
    *principals: Principal,
    workloads: Sequence[Workload] = (),
    outside: Mapping[str, tuple[str, ...]] | None = None,
    **more: Any,
) -> Escalations:
    account = account_of(*principals, **more)
    return escalation(account, SymbolicCan(account, "2026-11-26T00:00:00Z"), workloads, outside)


def methods(found: Escalations, principal: Principal | str) -> tuple[str, ...]:
    """The steps of a principal's path."""
    node = principal if isinstance(principal, str) else principal.arn
    return tuple(edge.method for edge in found.paths[node].edges)


def group(name: str, *documents: Document) -> Group:
    return Group(f"arn:aws:iam::{ACCOUNT}:group/{name}", documents)


def all_methods(found: Escalations, source: str) -> set[str]:
    """Every method by which edges leave a node."""
    index = found.graph.index(source)
    return set() if index is None else {spoke.fan.method for spoke in found.graph.spokes[index]}


def texts(items: Iterable[object]) -> str:
    return "\n".join(str(item) for item in items)

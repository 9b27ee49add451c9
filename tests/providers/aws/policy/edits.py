"""Small edits of policy documents, as people make them: some widen, some narrow, some only rewrite."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from tests.providers.aws.policy.documents import Json

Edit = Callable[[Json, Random], None]
"""Changes a list of statements in place."""


def edited(document: Json, random: Random) -> Json:
    """The document with one edit."""
    changed = copy.deepcopy(document)
    statements = changed["Statement"]
    changed["Statement"] = statements = statements if isinstance(statements, list) else [statements]
    random.choice(EDITS)(statements, random)
    return changed


def _drop_statement(statements: Json, random: Random) -> None:
    statements.pop(random.randrange(len(statements)))


def _add_allow(statements: Json, random: Random) -> None:
    extra = {"Effect": "Allow", "Action": random.choice(["s3:GetObject", "ec2:*", "iam:PassRole"]), "Resource": "*"}
    principal = {"Principal": {"AWS": "444455556666"}} if any("Principal" in one for one in statements) else {}
    statements.append(extra | principal)


def _add_deny(statements: Json, random: Random) -> None:
    extra = {"Effect": "Deny", "Action": random.choice(["s3:*", "*", "ec2:Run*"]), "Resource": "*"}
    principal = {"Principal": "*"} if any("Principal" in one for one in statements) else {}
    statements.append(extra | principal)


def _reverse(statements: Json, random: Random) -> None:
    statements.reverse()


def _element(name: str) -> Callable[[Json, Random], tuple[Json, list[str]] | None]:
    def found(statements: Json, random: Random) -> tuple[Json, list[str]] | None:
        having = [one for one in statements if name in one]
        if not having:
            return None
        statement = random.choice(having)
        values = statement[name]
        statement[name] = values = list(values) if isinstance(values, list) else [values]
        return statement, values

    return found


def _drop_action(statements: Json, random: Random) -> None:
    found = _element("Action")(statements, random)
    if found is not None and len(found[1]) > 1:
        found[1].pop(random.randrange(len(found[1])))


def _widen_action(statements: Json, random: Random) -> None:
    found = _element("Action")(statements, random)
    if found is not None:
        index = random.randrange(len(found[1]))
        found[1][index] = found[1][index].partition(":")[0] + ":*" if ":" in found[1][index] else "*"


def _negate_action(statements: Json, random: Random) -> None:
    found = _element("Action")(statements, random)
    if found is not None:
        found[0]["NotAction"] = found[0].pop("Action")


def _narrow_resource(statements: Json, random: Random) -> None:
    found = _element("Resource")(statements, random)
    if found is not None:
        index = random.randrange(len(found[1]))
        found[1][index] = (
            found[1][index].removesuffix("*") + "part" if found[1][index] != "*" else "arn:aws:s3:::acme/*"
        )


def _widen_resource(statements: Json, random: Random) -> None:
    found = _element("Resource")(statements, random)
    if found is not None:
        found[1][random.randrange(len(found[1]))] = "*"


def _extend_resource(statements: Json, random: Random) -> None:
    found = _element("Resource")(statements, random)
    if found is not None:
        found[1][random.randrange(len(found[1]))] += "*"


def _drop_conditions(statements: Json, random: Random) -> None:
    having = [one for one in statements if "Condition" in one]
    if having:
        random.choice(having).pop("Condition")


def _add_condition(statements: Json, random: Random) -> None:
    operator, key, value = random.choice(
        [
            ("Bool", "aws:SecureTransport", "true"),
            ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
            ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
            ("Bool", "aws:MultiFactorAuthPresent", "true"),
        ]
    )
    random.choice(statements).setdefault("Condition", {}).setdefault(operator, {})[key] = value


def _change_value(statements: Json, random: Random) -> None:
    having = [one for one in statements if one.get("Condition")]
    if having:
        condition = random.choice(having)["Condition"]
        block = condition[random.choice(sorted(condition))]
        key = random.choice(sorted(block))
        values = block[key] if isinstance(block[key], list) else [block[key]]
        block[key] = [*values, values[-1]][1:] if random.random() < 0.5 else [*values, f"{values[0]}x"]


def _flip(statements: Json, random: Random) -> None:
    statement = random.choice(statements)
    statement["Effect"] = "Deny" if statement["Effect"] == "Allow" else "Allow"


def _open_principal(statements: Json, random: Random) -> None:
    having = [one for one in statements if "Principal" in one]
    if having:
        random.choice(having)["Principal"] = "*"


EDITS: tuple[Edit, ...] = (
    _drop_statement,
    _add_allow,
    _add_deny,
    _reverse,
    _drop_action,
    _widen_action,
    _negate_action,
    _narrow_resource,
    _widen_resource,
    _extend_resource,
    _drop_conditions,
    _add_condition,
    _change_value,
    _flip,
    _open_principal,
)

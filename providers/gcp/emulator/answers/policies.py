"""IAM policies: allow policies of nodes and resources, deny policies of nodes."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked, absent
from providers.gcp.emulator.answers.lists import Answerer
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Node

_NEVER_SET: Body = {"etag": "ACAB"}
"""What the API answers where no policy was ever set."""
_CONDITIONS_SINCE = 3


def node_policy(asked: Asked) -> Body:
    """The policy that is set on a project, folder or organization; what it inherits is not in it."""
    return in_version(asked, asked.whole_node().iam)


def resource_policy(kind: str) -> Answerer:
    """The policy that is set on a resource."""

    def answer(asked: Asked) -> Body:
        address = asked.relative.removesuffix("/getIamPolicy")
        return in_version(asked, asked.resource(kind, address).iam or _NEVER_SET)

    return answer


def bucket_policy(asked: Asked) -> Body:
    """The policy of a bucket; where it has conditions, those who ask for less than version 3 get none at all.

    https://cloud.google.com/storage/docs/json_api/v1/buckets/getIamPolicy
    """
    policy = asked.resource("storage.buckets", asked.relative.removesuffix("/iam")).iam or _NEVER_SET
    if policy.get("version") == _CONDITIONS_SINCE and _version(asked) < _CONDITIONS_SINCE:
        message = "Requested policy version must be at least 3: the policy has conditions."
        raise Refused(refusals.invalid("storage", message))
    return policy


def in_version(asked: Asked, policy: Body) -> Body:
    """As those see it who ask for a version: below 3 conditions are hidden, and roles named so that nobody trusts them.

    https://cloud.google.com/iam/docs/policies#versions
    """
    if _version(asked) >= _CONDITIONS_SINCE or not any("condition" in row for row in policy.get("bindings", ())):
        return policy
    return {**policy, "version": 1, "bindings": [_hidden(row) for row in policy["bindings"]]}


def _hidden(binding: Body) -> Body:
    if "condition" not in binding:
        return binding
    digest = hashlib.sha256(json.dumps(binding["condition"], sort_keys=True).encode()).hexdigest()[:20]
    return {"role": f"{binding['role']}_withcond_{digest}", "members": binding["members"]}


def _version(asked: Asked) -> int:
    names = ("options.requestedPolicyVersion", "optionsRequestedPolicyVersion")
    text = next((asked.query[name] for name in names if name in asked.query), None)
    if text is not None and not text.isdigit():
        raise Refused(refusals.invalid(asked.service, f"Invalid policy version {text}."))
    return int(text) if text else int(asked.body.get("options", {}).get("requestedPolicyVersion", 0))


def deny_policies(asked: Asked) -> Body:
    """Deny policies that are attached to a node, without their rules. https://cloud.google.com/iam/docs/deny-access"""
    node = _attached(asked)
    found = [{key: value for key, value in body.items() if key != "rules"} for body in _deny_policies(node)]
    return {"policies": found} if found else {}


def deny_policy(asked: Asked) -> Body:
    """A deny policy with its rules."""
    name = asked.match.relative.rpartition("/")[2]
    for body in _deny_policies(_attached(asked)):
        if body["name"].endswith(f"/{name}"):
            return body
    raise absent(asked, asked.match.relative)


def _attached(asked: Asked) -> Node:
    if asked.match.values[1] != "denypolicies":
        raise Refused(refusals.invalid(asked.service, "Only deny policies are kept here."))
    return asked.whole_node()


def _deny_policies(node: Node) -> list[Body]:
    point = quote(f"cloudresourcemanager.googleapis.com/{node.number_name}", safe="")
    return [{**body, "name": f"policies/{point}/denypolicies/{body['name']}"} for body in node.deny]

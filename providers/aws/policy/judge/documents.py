"""Resources whose policy alone decides who outside gets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.aws.policy.judge.given import Given, decoded, text_of
from providers.aws.policy.symbolic.scene import ResourceContext
from providers.aws.reach import GUARDRAILS, policy_layers
from scanner.access import Access, Guard
from scanner.questions import Input

LAYER = "resource policy"
_AUTH_TYPE = "lambda:functionurlauthtype"


class _Url(msgspec.Struct, frozen=True, rename="camel"):
    auth_type: str = "AWS_IAM"


class _Domain(Given, frozen=True, kw_only=True, rename="camel"):
    vpc_id: str | None = None
    vpc_options: Any = None


class _Function(Given, frozen=True, kw_only=True, rename="camel"):
    function_url: _Url | None = None


def resource_policy(given: Input, kind: str) -> Access:
    """Who outside its policy lets in."""
    return _by_policy(decoded(given, Given), kind, {})


def domain_policy(given: Input, kind: str) -> Access:
    """Who outside the policy of a search domain lets in; one with its endpoint in a VPC is not on the internet.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
    """
    domain = decoded(given, _Domain)
    access = _by_policy(domain, kind, {})
    private = domain.vpc_id or domain.vpc_options
    names = tuple(layer.name for layer in access.layers)
    guard = Guard("endpoint in a VPC", names if private else (), names if private else ())
    return Access(access.layers, (guard,), access.remarks)


def function_policy(given: Input, kind: str) -> Access:
    """Who outside may call a function; without a URL there is no way to call it by one.

    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    function = decoded(given, _Function)
    if ":layer:" in function.resource:
        return _by_policy(function, "lambda-layer", {})
    url = function.function_url
    gone = frozenset() if url else frozenset({"lambda:invokefunctionurl"})
    return _by_policy(function, kind, {_AUTH_TYPE: url.auth_type if url else None}, gone)


def _by_policy(
    given: Given, kind: str, settings: Mapping[str, str | None], unreachable: frozenset[str] = frozenset()
) -> Access:
    resource = ResourceContext(given.resource, given.evaluation_time, settings, unreachable)
    layers = policy_layers(text_of(given.policy), given.owner(), resource, kind, LAYER)
    return Access(layers, (), GUARDRAILS)

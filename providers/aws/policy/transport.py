"""Whether a bucket policy insists on TLS.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from providers.aws.policy.closure import covers_arn
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide, resource_pattern
from providers.aws.policy.concrete.glob import Pattern, literal, wildcard
from providers.aws.policy.domains import NEVER, UNCLEAR, Domain, always, verdict
from providers.aws.policy.language.tree import Condition, Patterns, Policy, Statement
from providers.aws.policy.language.values import number

Verdict = Literal["yes", "no", "unknown"]
_PLAIN_HTTP: Mapping[str, Domain] = MappingProxyType({"aws:securetransport": always("false"), "s3:tlsversion": NEVER})
_ACTIONS: Final = (
    ("s3:GetObject", "/any-object"),
    ("s3:PutObject", "/any-object"),
    ("s3:DeleteObject", "/any-object"),
    ("s3:GetObjectAcl", "/any-object"),
    ("s3:ListBucket", ""),
    ("s3:GetBucketPolicy", ""),
    ("s3:PutBucketAcl", ""),
)


class TlsAnswer(msgspec.Struct, frozen=True):
    """Whether every request without TLS is denied."""

    verdict: Verdict
    statement: str = ""
    """JSON pointer of the Deny, where there is one."""
    why: str = ""


class MinimumTls(msgspec.Struct, frozen=True):
    """The oldest TLS version that is let in. `no`: the policy sets none."""

    version: str | None
    verdict: Verdict
    statement: str = ""
    why: str = ""


def tls_only(policy: Policy | None, bucket_arn: str) -> TlsAnswer:
    """Whether the policy denies everyone everything, on bucket and objects, when TLS is not used."""
    if policy is None:
        return TlsAnswer("no", why="there is no policy")

    def always_without_tls(condition: Condition) -> bool:
        domain = _PLAIN_HTTP.get(condition.key, UNCLEAR)
        return verdict(condition, domain, "named", policy.version) is True

    pointer = _denies_all(policy, bucket_arn, always_without_tls)
    if pointer is not None:
        return TlsAnswer("yes", pointer)
    let_in = _plain_request(policy, bucket_arn)
    if let_in is not None:
        return TlsAnswer("no", why=f"{let_in} without TLS is not denied")
    return TlsAnswer("unknown", why="requests without TLS meet a Deny, but not surely all of them")


def minimum_tls(policy: Policy | None, bucket_arn: str) -> MinimumTls:
    """The version below which the policy denies everyone everything."""
    if policy is None:
        return MinimumTls(None, "no", why="there is no policy")
    asked = [s for s in policy.statements if any(c.key == "s3:tlsversion" for c in s.conditions)]
    found: list[tuple[float, str, str]] = []
    for statement in asked:
        for version in _versions(statement):

            def denies_older(condition: Condition, version: str = version) -> bool:
                older = condition.key == "s3:tlsversion" and condition.operator == "NumericLessThan"
                return older and not condition.qualifier and version in condition.values

            alone = msgspec.structs.replace(policy, statements=(statement,))
            pointer = _denies_all(alone, bucket_arn, denies_older)
            if pointer is not None:
                found.append((float(version), version, pointer))
    if found:
        _, version, pointer = max(found)
        return MinimumTls(version, "yes", pointer)
    if asked:
        return MinimumTls(
            None, "unknown", asked[0].pointer, "it looks at the TLS version, but may not deny all requests"
        )
    return MinimumTls(None, "no", why="no statement looks at the TLS version")


def _versions(statement: Statement) -> list[str]:
    return [
        value
        for condition in statement.conditions
        if condition.key == "s3:tlsversion"
        for value in condition.values
        if number(value) is not None
    ]


def _denies_all(policy: Policy, bucket_arn: str, holds: Callable[[Condition], bool]) -> str | None:
    """The pointer of Denies of everything to everyone, on bucket and objects, whose conditions surely hold."""
    denies = [s for s in policy.statements if s.effect == "Deny" and _is_total(s) and all(map(holds, s.conditions))]
    for suffix in ("", "/?*"):
        language = literal(bucket_arn) + wildcard(suffix)
        if not any(_covers(s, language, policy) for s in denies):
            return None
    return denies[0].pointer


def _is_total(statement: Statement) -> bool:
    names = statement.principals
    everyone = names is not None and not names.negated and any(name.kind == "everyone" for name in names.names)
    return everyone and _is_all_of_s3(statement.actions)


def _is_all_of_s3(actions: Patterns) -> bool:
    if actions.negated:
        return False
    return any(
        not text.strip("*")
        or text == "*:*"
        or (text.lower().startswith("s3:") and not text[3:].strip("*") and text[3:])
        for text in actions.values
    )


def _covers(statement: Statement, language: Pattern, policy: Policy) -> bool:
    if statement.resources is None or statement.resources.negated:
        return False
    patterns = (resource_pattern(text, policy.version) for text in statement.resources.values)
    return any(pattern is not None and covers_arn(pattern, language) for pattern in patterns)


def _plain_request(policy: Policy, bucket_arn: str) -> str | None:
    """A request without TLS that no Deny can match, whatever the keys that are not set here."""
    caller = Caller.arn("arn:aws:iam::999988887777:role/any-role")
    context = {"aws:securetransport": "false"}
    denies = tuple(
        msgspec.structs.replace(s, conditions=tuple(c for c in s.conditions if c.key in _PLAIN_HTTP))
        for s in policy.statements
        if s.effect == "Deny"
    )
    worst = msgspec.structs.replace(policy, statements=denies)
    for action, suffix in _ACTIONS:
        if decide(worst, Request(caller, action, bucket_arn + suffix, context)) == "none":
            return f"{action} on {bucket_arn}{suffix}"
    return None

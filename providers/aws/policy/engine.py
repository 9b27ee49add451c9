"""AWS' access engine: verdicts from documents, requests against policies, and questions over what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import msgspec

from providers.aws.policy.concrete.items import answer_item
from providers.aws.policy.judge.buckets import bucket, status
from providers.aws.policy.judge.documents import domain_policy, function_policy, resource_policy
from providers.aws.policy.judge.given import invalid_principals, text_of
from providers.aws.policy.judge.new_access import new_access
from providers.aws.policy.judge.shares import shared
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from scanner.access import Access, Judgement, judgement
from scanner.facts import Every
from scanner.model import Estate
from scanner.questions import BadInput, Explanation, Input, NewAccess, Result, WhoCan

_BY_POLICY = (
    *("sqs", "sns", "kms", "ecr", "secretsmanager", "efs", "glacier", "backup-vault", "opensearch", "iam-role"),
    *("events-bus", "dynamodb", "kinesis", "codeartifact", "apigateway", "ses-identity", "logs-destination"),
    "s3-access-point",
)
_SHARED = ("ebs-snapshot", "rds-snapshot", "rds-cluster-snapshot", "ami")


class AwsAccessEngine:
    """What AWS' documents say about access."""

    name = "aws"
    services: Mapping[str, tuple[str, ...]] = MappingProxyType(
        dict.fromkeys(("s3", *_BY_POLICY, "lambda", *_SHARED), ())
    )

    def judge(self, service: str, given: Input, dimension: str = "") -> Judgement:
        """Who outside can reach the resource that `given` describes. Raises BadInput."""
        if service not in self.services:
            raise BadInput("", f"service {service!r} is not one of {', '.join(sorted(self.services))}")
        verdict = judgement(_reader(service)(given))
        return msgspec.structs.replace(verdict, flags=tuple(dict.fromkeys((*verdict.flags, *_flags(service, given)))))

    def authorize(self, item: Input) -> Result | bool:
        """One request against layers of policies, or one condition against a context. Raises BadInput."""
        return answer_item(item)

    def reads(self) -> Sequence[Every]:
        """Identities with their policies, and buckets with what lets others in."""
        from providers.aws.answers.reads import reads

        return reads()

    def who_can(self, estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
        """Everybody in what was read, and outside, who can do `action` on the resource with that uid."""
        from providers.aws.answers.who_can import who_can

        return who_can(estates, action, resource)

    def why(self, estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
        """Why `principal` can or cannot do `action` on `resource`."""
        from providers.aws.answers.why import why

        return why(estates, principal, action, resource)

    def new_access(self, older: Input, newer: Input) -> Sequence[NewAccess]:
        """What one policy document allows and an older one does not. Raises BadInput."""
        return new_access(older, newer, self.judge)

    def new_access_between(self, older: Sequence[Estate], newer: Sequence[Estate]) -> Sequence[NewAccess]:
        """The same over all principals and resources that were read twice."""
        from providers.aws.answers.changes import new_access_between

        return new_access_between(older, newer)


def _reader(service: str) -> Callable[[Input], Access]:
    if service == "s3":
        return bucket
    if service in _SHARED:
        return partial(shared, kind=service)
    own = {"lambda": function_policy, "opensearch": domain_policy}
    return partial(own.get(service, resource_policy), kind=service)


def _flags(service: str, given: Input) -> list[str]:
    flags: list[str] = []
    text = text_of(given.get("policy"))
    parsed = parse(text) if text else None
    if isinstance(parsed, Policy) and invalid_principals(parsed):
        flags.append("invalid-principal")
    known = status(given) if service == "s3" else None
    return [*flags, known] if known else flags


ENGINE = AwsAccessEngine()

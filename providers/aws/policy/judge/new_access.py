"""What one policy document allows and an older one does not; for inputs of a verdict also whether the verdict rose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from providers.aws.policy.judge.given import Document, text_of
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.new_access import new_requests
from providers.aws.reach import witness_of
from scanner.access import Judgement
from scanner.questions import BadInput, Input, NewAccess

Judge: TypeAlias = "Callable[[str, Input], Judgement]"
"""Service and input -> verdict."""

_NONE: Final = Policy("2012-10-17", ())
_WRAPPERS: Final = ("Policy", "PolicyDocument", "policy", "document", "Document")
"""Keys under which AWS' answers hold a document."""
_NO_SETTINGS: Final = frozenset({"policy", "evaluationTime"})
_RANKS: Mapping[str, int] = MappingProxyType({"private": 0, "cross-account": 1, "public": 2})
_SERVICES: Mapping[str, str] = MappingProxyType(
    {
        **{name: name for name in ("s3", "sqs", "sns", "kms", "ecr", "secretsmanager", "glacier", "lambda")},
        **{name: name for name in ("dynamodb", "kinesis", "codeartifact", "apigateway")},
        "elasticfilesystem": "efs",
        "backup": "backup-vault",
        "es": "opensearch",
        "events": "events-bus",
        "ses": "ses-identity",
        "logs": "logs-destination",
        "execute-api": "apigateway",
    }
)
_BY_TYPE: Mapping[str, str] = MappingProxyType(
    {
        "iam:role": "iam-role",
        "s3:accesspoint": "s3-access-point",
        "ec2:snapshot": "ebs-snapshot",
        "ec2:image": "ami",
        "rds:snapshot": "rds-snapshot",
        "rds:cluster-snapshot": "rds-cluster-snapshot",
    }
)


def new_access(older: Input, newer: Input, judge: Judge) -> Sequence[NewAccess]:
    """What `newer` allows and `older` does not: two policy documents, or two inputs as `judge` takes them.

    An entry without a witness is not decided. Raises BadInput with the place where one of the two is neither.
    """
    inputs = [_is_input(given) for given in (older, newer)]
    if inputs[0] != inputs[1]:
        raise BadInput("", "one of the two is a policy document and the other is not")
    if older == newer and not inputs[0]:
        _document(newer)
        return ()
    if not inputs[0]:
        return tuple(_between(_document(older), _document(newer), "policy"))
    subject = _resource(newer)
    before, after = (_policy(given.get("policy"), "/policy") for given in (older, newer))
    _resource(older)
    if older == newer:
        return ()
    return (*_verdicts(older, newer, subject, judge), *_between(before, after, subject))


def _is_input(given: Input) -> bool:
    if not isinstance(given, Mapping):
        raise BadInput("", "is not an object")
    return "resource" in given and "Statement" not in given


def _resource(given: Input) -> str:
    resource = given["resource"]
    if not isinstance(resource, str) or not resource.startswith("arn:"):
        raise BadInput("/resource", "is no ARN")
    return resource


def _document(given: Input) -> Policy | Malformed:
    """A policy document, or an answer of AWS that holds one."""
    if "Statement" in given:
        return _policy(given, "")
    for name in _WRAPPERS:
        if name in given:
            return _policy(given[name], f"/{name}")
    raise BadInput("", "is neither a policy document, which has a Statement, nor an input with resource and policy")


def _policy(value: Document, pointer: str) -> Policy | Malformed:
    if value is None or value == "":
        return _NONE
    if isinstance(value, Mapping):
        if "Statement" not in value:
            raise BadInput(pointer, "has no Statement")
    elif not isinstance(value, str):
        raise BadInput(pointer, "is no policy document")
    return parse(text_of(value) or "")


def _between(older: Policy | Malformed, newer: Policy | Malformed, subject: str) -> Iterator[NewAccess]:
    if older == newer:
        return
    for whose, document in (("newer", newer), ("older", older)):
        if isinstance(document, Malformed):
            place = f" at {document.pointer}" if document.pointer else ""
            yield NewAccess(subject, None, f"the {whose} document cannot be read: it {document.why}{place}")
            return
    if isinstance(older, Policy) and isinstance(newer, Policy):
        for one in new_requests(older, newer):
            witness = None if one.witness is None else witness_of(one.witness)
            yield NewAccess(f"{subject} {one.statement}", witness, one.why)


def _verdicts(older: Input, newer: Input, subject: str, judge: Judge) -> Iterator[NewAccess]:
    """Whether the verdict rose, or what was changed besides the policy may have let in more."""
    changed = sorted(name for name in {*older, *newer} - _NO_SETTINGS if older.get(name) != newer.get(name))
    service = _service(subject)
    if service is None:
        if changed:
            yield NewAccess(subject, None, f"what {', '.join(changed)} let in is not compared: not known for this ARN")
        return
    before, after = judge(service, older), judge(service, newer)
    if after.verdict == "private":
        return
    if "unknown" in (before.verdict, after.verdict):
        which, doubt = ("before", before.why) if before.verdict == "unknown" else ("now", after.why)
        yield NewAccess(subject, None, f"whether outsiders get in {which} is not decided: {doubt}")
    elif _RANKS[after.verdict] > _RANKS[before.verdict]:
        yield NewAccess(subject, after.witness, f"{after.verdict}, {before.verdict} before: {after.why}")
    elif changed:
        yield NewAccess(subject, None, f"{after.verdict} as before, but {', '.join(changed)} may let in others")


def _service(arn: str) -> str | None:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    kind = parts[5].replace(":", "/").partition("/")[0]
    return _BY_TYPE.get(f"{parts[2]}:{kind}") or _SERVICES.get(parts[2])

"""A condition as a short English phrase that reads on after "if": "from 203.0.113.0/24", "with MFA", "the prefix is a".

What AWS leaves undefined (an unknown operator, a value that is none of the operator's kind) is given as it is written.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from providers.aws.policy.language.operators import OPERATORS, Operator
from providers.aws.policy.language.tree import Condition
from providers.aws.policy.language.values import instant, network, number

_SHOWN: Final = 8
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ARN_PARTS: Final = 6
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/*?@+=${}%~[]()#!&<>^|")
_CLOCK: Final = ("aws:currenttime", "aws:epochtime")

_YES_NO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "aws:securetransport": ("over TLS", "without TLS"),
        "aws:multifactorauthpresent": ("with MFA", "without MFA"),
        "aws:viaawsservice": ("by an AWS service for the principal", "not by an AWS service for the principal"),
        "aws:principalisawsservice": ("by an AWS service itself", "not by an AWS service itself"),
    }
)
_WHENCE: Mapping[str, str] = MappingProxyType(
    {
        "aws:sourceip": "from",
        "aws:vpcsourceip": "from the address in a VPC",
        "aws:sourcevpc": "from the VPC",
        "aws:sourcevpce": "through the VPC endpoint",
        "aws:requestedregion": "in the region",
        "kms:viaservice": "through the service",
    }
)
_SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "aws:sourceip": "the source address",
        "aws:sourcevpc": "the VPC",
        "aws:sourcevpce": "the VPC endpoint",
        "aws:requestedregion": "the region",
        "aws:principalarn": "the ARN of the principal",
        "aws:principalaccount": "the account of the principal",
        "aws:principalorgid": "the organization of the principal",
        "aws:principalorgpaths": "the organization path of the principal",
        "aws:principaltype": "the type of the principal",
        "aws:principalservicename": "the service that calls",
        "aws:username": "the user name",
        "aws:userid": "the unique id of the principal",
        "aws:resourceaccount": "the account of the resource",
        "aws:resourceorgid": "the organization of the resource",
        "aws:sourcearn": "the ARN of the source",
        "aws:sourceaccount": "the account of the source",
        "aws:sourceowner": "the account of the source",
        "aws:sourceorgid": "the organization of the source",
        "aws:multifactorauthage": "the seconds since MFA",
        "aws:tokenissuetime": "the issue time of the token",
        "aws:currenttime": "the time",
        "aws:epochtime": "the time",
        "aws:tagkeys": "the tag keys in the request",
        "aws:useragent": "the user agent",
        "aws:referer": "the referer",
        "sts:externalid": "the external id",
        "sts:rolesessionname": "the session name",
        "s3:prefix": "the prefix",
        "iam:passedtoservice": "the service that gets the role",
    }
)
_TAGS: Mapping[str, str] = MappingProxyType(
    {
        "aws:principaltag/": "the tag {} of the principal",
        "aws:requesttag/": "the tag {} in the request",
        "s3:existingobjecttag/": "the tag {} of the object",
        "s3:requestobjecttag/": "the tag {} in the request",
    }
)
_ORDERS: Mapping[str, str] = MappingProxyType(
    {"lt": "less than ", "le": "at most ", "gt": "more than ", "ge": "at least "}
)
_TIMES: Mapping[str, str] = MappingProxyType(
    {"eq": "at exactly ", "lt": "before ", "le": "until ", "gt": "after ", "ge": "not before "}
)


def in_words(condition: Condition) -> str:
    """The condition for a reader. Lists longer than eight values are cut, with the number of those left out."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values or not all(_is_clear(operator, value) for value in condition.values):
        return _as_written(condition)
    if operator.kind == "null":
        return _presence(condition)
    phrase = "" if condition.qualifier else _idiom(condition, operator)
    phrase = phrase or f"{_whole_subject(condition)} {_predicate(condition, operator)}"
    # ForAllValues holds without values anyway, as its phrase says.
    said = condition.if_exists and condition.qualifier != "ForAllValues"
    return f"{phrase}, if {_subject(condition.key)} is present" if said else phrase


def all_in_words(conditions: Sequence[Condition]) -> str:
    """All of the conditions in one phrase; empty if there are none."""
    return " and ".join(dict.fromkeys(in_words(condition) for condition in conditions))


def listed(values: Sequence[str], word: str = "or") -> str:
    """The values as `a`, `a or b`, `a, b or c`; cut after eight. Each is quoted unless it is a plain word."""
    return joined([quoted(value) for value in values], word)


def joined(words: Sequence[str], word: str = "or") -> str:
    """The same for words that need no quotes."""
    shown = words[:_SHOWN]
    if len(words) > _SHOWN:
        return f"{', '.join(shown)} {word} {len(words) - _SHOWN} more"
    return f"{', '.join(shown[:-1])} {word} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def quoted(text: str) -> str:
    """The text, in quotes and escaped unless it is one plain word."""
    return text if text and _PLAIN.issuperset(text) else json.dumps(text)


def _is_clear(operator: Operator, value: str) -> bool:
    """Whether AWS defines what it means to compare with the value."""
    match operator.kind:
        case "number":
            return number(value) is not None
        case "date":
            return instant(value) is not None
        case "bool" | "null":
            return value in ("true", "false")
        case "address":
            return network(value) is not None
        case "arn":
            return len(value.split(":")) >= _ARN_PARTS
        case _:
            return True


def _as_written(condition: Condition) -> str:
    prefix = f"{condition.qualifier}:" if condition.qualifier else ""
    suffix = "IfExists" if condition.if_exists else ""
    values = f"[{', '.join(map(json.dumps, condition.values[:_SHOWN]))}]"
    more = f" and {len(condition.values) - _SHOWN} more" if len(condition.values) > _SHOWN else ""
    return f"{quoted(prefix + condition.operator + suffix)} of {quoted(condition.key)} with {values}{more}"


def _presence(condition: Condition) -> str:
    if condition.if_exists or condition.qualifier or len(set(condition.values)) > 1:
        return _as_written(condition)
    return f"{_subject(condition.key)} is {'absent' if condition.values[0] == 'true' else 'present'}"


def _idiom(condition: Condition, operator: Operator) -> str:
    """A shorter phrase that is usual for the key; empty if there is none."""
    key, values = condition.key, condition.values
    if operator.kind == "bool" and key in _YES_NO and len(set(values)) == 1:
        return _YES_NO[key][0 if values[0] == "true" else 1]
    if operator.kind == "date" and key in _CLOCK:
        return f"{'not ' if operator.negated else ''}{_TIMES[operator.order]}{listed(_moments(values))}"
    if key in _WHENCE and _is_of_its_kind(key, values, operator):
        return f"{'not ' if operator.negated else ''}{_WHENCE[key]} {listed(values)}"
    return ""


def _is_of_its_kind(key: str, values: Sequence[str], operator: Operator) -> bool:
    """Whether the operator compares the key as its type is, so that the phrase means nothing else."""
    if key.endswith("sourceip") or operator.kind != "text":
        return key.endswith("sourceip") and operator.kind == "address"
    return not operator.ignore_case and (operator.wildcards or not any("*" in each or "?" in each for each in values))


def _whole_subject(condition: Condition) -> str:
    subject = _subject(condition.key)
    if condition.qualifier == "ForAllValues":
        return f"every value of {subject}, if there is any,"
    return f"some value of {subject}" if condition.qualifier else subject


def _subject(key: str) -> str:
    for prefix, form in _TAGS.items():
        if key.startswith(prefix):
            return form.format(quoted(key.removeprefix(prefix)))
    before, found, tag = key.partition(":resourcetag/")
    if found and before.isalnum():
        return f"the tag {quoted(tag)} of the resource"
    return _SUBJECTS.get(key, quoted(key))


def _predicate(condition: Condition, operator: Operator) -> str:
    values = condition.values
    match operator.kind:
        case "number" if operator.order == "eq":
            return f"{'does not equal' if operator.negated else 'equals'} {listed(values)}"
        case "number":
            return f"is {_ORDERS[operator.order]}{listed(values)}"
        case "date":
            return f"is {'not ' if operator.negated else ''}{_TIMES[operator.order]}{listed(_moments(values))}"
        case "address":
            return f"is {'not ' if operator.negated else ''}in {listed(values)}"
        case "binary":
            return f"is {listed(values)} in base64"
        case _:
            return _equality(values, operator)


def _equality(values: Sequence[str], operator: Operator) -> str:
    if operator.wildcards and any("*" in value or "?" in value for value in values):
        verb = "does not match" if operator.negated else "matches"
        verb += " the ARN" if operator.kind == "arn" else ""
    else:
        verb = "is not" if operator.negated else "is"
    return f"{verb} {listed(values)}{' in upper or lower case' if operator.ignore_case else ''}"


def _moments(values: Sequence[str]) -> list[str]:
    return [_moment(value) for value in values]


def _moment(value: str) -> str:
    """Epoch seconds as a date; midnight UTC as the day."""
    seconds = number(value)
    if seconds is None or seconds != int(seconds):
        return value.removesuffix("T00:00:00Z")
    try:
        moment = _EPOCH + timedelta(seconds=int(seconds))
    except OverflowError:
        return value
    return moment.isoformat().replace("+00:00", "Z").removesuffix("T00:00:00Z")

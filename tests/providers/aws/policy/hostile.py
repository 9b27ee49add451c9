"""Documents that somebody wrote to hang whoever reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.effort import effort
from tests.providers.aws.policy.documents import BUCKET, FRIEND, OWN

Json = Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_ALL = [BUCKET, f"{BUCKET}/*"]


def _statement(effect: str = "Allow", **elements: Json) -> dict[str, Json]:
    wide: dict[str, Json] = {"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": _ALL}
    return {name: value for name, value in (wide | elements).items() if value is not None}


def _document(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, ensure_ascii=False)


def _bomb(stars: int, start: int = 0) -> str:
    """A star between any two letters."""
    return "*" + "".join(f"{_LETTERS[(start + i * 7) % len(_LETTERS)]}*" for i in range(stars))


def many_statements() -> str:
    return _document(*(_statement(Action=f"s3:Get{i}", Principal={"AWS": FRIEND}) for i in range(effort(6_000))))


def many_denies() -> str:
    denies = (_statement("Deny", Resource=f"{BUCKET}/{i}/*", Action="s3:GetObject") for i in range(effort(8_000)))
    return _document(_statement(), *denies)


def many_denies_that_miss_one() -> str:
    keys = ("aws:Referer", "aws:UserAgent", "s3:prefix", "aws:SecureTransport")
    denies = (
        _statement("Deny", Condition={"StringLike": {keys[i % 4]: f"*{i}*", keys[(i + 1) % 4]: f"*{i + 1}*"}})
        for i in range(effort(1_500))
    )
    return _document(_statement(), *denies)


def overlapping_denies() -> str:
    denies = (_statement("Deny", Resource=f"{BUCKET}/*{a}*{b}*") for a in _LETTERS for b in _LETTERS)
    return _document(_statement(), *denies, _statement("Deny", Resource=f"{BUCKET}/?*"))


def star_bombs() -> str:
    allows = (_statement(Resource=f"{BUCKET}/{_bomb(200, i)}") for i in range(10))
    denies = (_statement("Deny", Resource=f"{BUCKET}/{_bomb(200, i + 3)}") for i in range(10))
    return _document(*allows, *denies)


def star_bombs_on_keys() -> str:
    wanted = {"StringLike": {"aws:Referer": [_bomb(60, i) for i in range(30)]}}
    refused = {"StringNotLike": {"aws:Referer": [_bomb(60, i + 1) + "!" for i in range(30)]}}
    return _document(_statement(Condition=wanted), _statement("Deny", Condition=refused))


def question_marks() -> str:
    allows = (_statement(Resource=f"{BUCKET}/*a{'?' * n}") for n in range(5, 40))
    denies = (_statement("Deny", Resource=f"{BUCKET}/*b{'?' * n}") for n in range(5, 40))
    return _document(*allows, *denies)


def one_long_star_bomb() -> str:
    return _document(_statement(Resource=f"{BUCKET}/{_bomb(250_000)}"))


def many_values() -> str:
    values = [f"https://{i}.example/*" for i in range(5_000)]
    denied = {"StringNotLike": {"aws:Referer": values}}
    return _document(
        _statement(Condition={"StringLike": {"aws:Referer": values}}), _statement("Deny", Condition=denied)
    )


def many_addresses() -> str:
    ranges = [f"{i % 200 + 1}.{i // 200}.0.0/16" for i in range(5_000)]
    denied = {"NotIpAddress": {"aws:SourceIp": ranges}}
    return _document(_statement(), _statement("Deny", Condition=denied))


def many_accounts() -> str:
    accounts = [f"{200_000_000_000 + i}" for i in range(10_000)]
    return _document(
        _statement(Principal={"AWS": accounts}), _statement("Deny", NotPrincipal={"AWS": accounts}, Principal=None)
    )


def many_principals() -> str:
    return _document(_statement(Principal={"AWS": [f"arn:aws:iam::{FRIEND}:role/r{i}" for i in range(10_000)]}))


def many_actions() -> str:
    return _document(
        _statement(Action=[f"s3:*{i}*" for i in range(effort(12_000))]),
        _statement("Deny", NotAction=["s3:Get*"], Action=None),
    )


def many_variables() -> str:
    text = "".join(f"${{aws:PrincipalTag/t{i}}}" for i in range(effort(500)))
    return _document(
        _statement(Resource=f"{BUCKET}/{text}"),
        _statement("Deny", Condition={"StringNotLike": {"aws:Referer": [text, f"{text}*", "${aws:username}" * 100]}}),
    )


def nested_variables() -> str:
    deep = "${aws:username" * 500 + "}" * 500
    return _document(
        _statement(Resource=f"{BUCKET}/{deep}"),
        _statement(Condition={"StringLike": {"aws:Referer": ["${" * 5_000, deep, "${aws:Referer, '${aws:Referer}'}"]}}),
    )


def many_keys() -> str:
    blocks = {"StringLike": {f"aws:PrincipalTag/t{i}": f"*{i}*" for i in range(effort(3_000))}}
    denied = {"StringNotLike": {f"aws:PrincipalTag/t{i}": f"*{i}*" for i in range(effort(3_000))}}
    return _document(_statement(Condition=blocks), _statement("Deny", Condition=denied))


def unicode_everywhere() -> str:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))
    return _document(
        _statement(Resource=[f"{BUCKET}/{text}*", f"{BUCKET}/*{text[:3000]}"], Sid=text),
        _statement(
            "Deny", Condition={"StringEqualsIgnoreCase": {"aws:Referer": ["\u0130\u1e9e\U0001f600" * 2_000, text]}}
        ),
    )


def deep_nesting() -> str:
    return '{"Version":"2012-10-17","Statement":' + "[" * 100_000 + "]" * 100_000 + "}"


def deep_objects() -> str:
    return '{"Statement":' * 40 + "{}" + "}" * 40


def long_number() -> str:
    number = "9" * 500_000
    return _document(_statement(Condition={"NumericLessThan": {"s3:max-keys": [number, "1" * 64, f"0.{'1' * 60}"]}}))


def big() -> str:
    return _document(_statement(Sid="x" * 1_040_000, Principal={"AWS": OWN}))


def too_big() -> str:
    return _document(_statement(Sid="x" * 1_050_000))


HOSTILE: Mapping[str, Callable[[], str]] = {
    make.__name__: make
    for make in (
        many_statements,
        many_denies,
        many_denies_that_miss_one,
        overlapping_denies,
        star_bombs,
        star_bombs_on_keys,
        question_marks,
        one_long_star_bomb,
        many_values,
        many_addresses,
        many_accounts,
        many_principals,
        many_actions,
        many_variables,
        nested_variables,
        many_keys,
        unicode_everywhere,
        deep_nesting,
        deep_objects,
        long_number,
        big,
        too_big,
    )
}

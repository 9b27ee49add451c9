"""Parquet: what is written is read back as it was, with types that do not depend on what the texts look like."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.sinks.lake_columns import CLASSES, PLAIN, columns_of
from providers.aws.sinks.lake_file import OPTIONS, PAGE, Unwritable, write
from providers.aws.sinks.lake_part import Part, part_of
from providers.aws.sinks.security_lake_options import Sources
from scanner.finding import Finding
from scanner.report.event import ScopeRead
from scanner.report.ocsf import OcsfEvents
from scanner.report.ocsf_event import ComplianceFinding
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.readings import background, readings

FINDINGS = columns_of(ComplianceFinding)


def rows(path: Path) -> list[dict[str, Any]]:
    """What a reader that knows nothing of us finds in a file, without what is null."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [filled(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner) for name, inner in value.items() if inner is not None}
    return [filled(inner) for inner in value] if isinstance(value, list) else value


def as_told(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the event that it was."""
    return {**row, "unmapped": json.loads(row["unmapped"])} if "unmapped" in row else row


def written(bodies: Iterable[bytes], columns: Mapping[str, str], folder: Path) -> list[dict[str, Any]]:
    return [as_told(row) for row in rows(write(bodies, columns, folder))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A name that would end a text of SQL.
    made = tmp_path_factory.mktemp("lake") / "it's ours; --"
    made.mkdir()
    return made


@settings(max_examples=effort(20), deadline=None)
@given(st.lists(findings(), min_size=1, max_size=4))
def test_any_findings_are_read_back_as_they_were(folder: Path, told: list[Finding]) -> None:
    maker = OcsfEvents(background())
    bodies = [event.body.encode() for finding in told if (event := maker.finding(finding))]
    found = written(bodies, FINDINGS, folder)
    by_uid = sorted((json.loads(body) for body in bodies), key=lambda event: (event["time"], event["metadata"]["uid"]))
    assert sorted(found, key=lambda event: (event["time"], event["metadata"]["uid"])) == by_uid
    assert [event["time"] for event in found] == [event["time"] for event in by_uid]


@settings(max_examples=effort(10), deadline=None)
@given(readings)
def test_any_scopes_are_read_back_as_they_were(folder: Path, read: ScopeRead) -> None:
    by_class: dict[int, list[bytes]] = {}
    for event in OcsfEvents(background()).scope(read):
        by_class.setdefault(json.loads(event.body)["class_uid"], []).append(event.body.encode())
    for class_uid, bodies in by_class.items():
        found = written(bodies, columns_of(CLASSES[class_uid]), folder)
        key = lambda event: json.dumps(event, sort_keys=True)  # noqa: E731
        assert sorted(found, key=key) == sorted((json.loads(body) for body in bodies), key=key)


def event(**more: Any) -> bytes:
    told = {"class_uid": 2003, "time": 1_764_000_000_000, "metadata": {"uid": "e1:1"}, **more}
    return json.dumps(told).encode()


def test_types_do_not_depend_on_what_texts_look_like(folder: Path) -> None:
    uid = "123e4567-e89b-12d3-a456-426614174000"
    path = write(
        [event(metadata={"uid": uid}, message="2026-01-01", cloud={"account": {"uid": "000000000012"}}, status="5")],
        FINDINGS,
        folder,
    )
    with duckdb.connect() as connection:
        kinds = dict(
            connection.execute("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(?))", [str(path)])
            .fetchall()
        )  # fmt: skip
    assert list(kinds) == list(FINDINGS)
    assert (kinds["message"], kinds["time"], kinds["unmapped"]) == ("VARCHAR", "BIGINT", "VARCHAR")
    assert "uid VARCHAR" in kinds["metadata"].replace('"', "")
    (row,) = rows(path)
    assert (row["metadata"]["uid"], row["message"], row["status"]) == (uid, "2026-01-01", "5")
    assert row["cloud"]["account"]["uid"] == "000000000012"


def test_rows_are_in_the_order_of_time_and_compressed_by_zstd(folder: Path) -> None:
    times = [1_764_000_000_000 + (number * 7919) % 5000 for number in range(5000)]
    path = write((event(time=time, metadata={"uid": f"e1:{time}"}) for time in times), FINDINGS, folder)
    assert [row["time"] for row in rows(path)] == sorted(times)
    with duckdb.connect() as connection:
        found = connection.execute("SELECT DISTINCT compression FROM parquet_metadata(?)", [str(path)]).fetchall()
    assert found == [("ZSTD",)]


def test_pages_are_as_small_as_a_lake_wants_them(tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html: 1 MB before compression."""
    path = tmp_path / "pages.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT repeat(md5(i::VARCHAR), 64) AS long FROM range(5000) r(i)) TO '{path}' "
            f"({OPTIONS}, WRITE_PAGE_INDEX true)"
        )
        found = connection.execute("SELECT num_rows FROM parquet_page_index(?)", [str(path)]).fetchall()
    assert len(found) > 5
    assert max(count * (32 * 64 + 4) for (count,) in found) <= PAGE + 2100 <= 1_000_000


def test_an_event_that_does_not_fit_its_columns_is_no_event(folder: Path) -> None:
    for body in (event(activity_id="many"), event(cloud="AWS"), b'{"class_uid":2003,"time":1,', event(time=2**70)):
        with pytest.raises(Unwritable):
            write([event(), body], FINDINGS, folder)


def leaves(hint: Any) -> Iterable[Any]:
    inner = typing.get_args(hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType, tuple, list):
        for each in inner:
            if each not in (types.NoneType, ...):
                yield from leaves(each)
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for each in typing.get_type_hints(hint).values():
            yield from leaves(each)
    else:
        yield hint


def test_every_member_of_an_event_has_a_type_that_was_chosen() -> None:
    for struct in CLASSES.values():
        others = [
            hint for hint in leaves(struct) if hint not in PLAIN and typing.get_origin(hint) is not typing.Literal
        ]
        assert all(issubclass(typing.get_origin(hint), Mapping) for hint in others), struct


@pytest.mark.parametrize(
    ("cloud", "account"),
    [
        ({"provider": "AWS", "account": {"uid": "123456789012"}}, "123456789012"),
        ({"provider": "GCP", "account": {"uid": "acme-prod"}}, "external_acme-prod"),
        ({"provider": "GCP", "account": {"uid": "example.com:p/../x"}}, "external_example.com_p_.._x"),
        ({"provider": "Azure", "account": {"uid": "123456789012"}}, "external_123456789012"),
        ({"provider": "AWS"}, "external"),
    ],
)
def test_partitions_are_those_of_a_lake(cloud: dict[str, Any], account: str) -> None:
    part = part_of(event(cloud=cloud, time=1_764_028_799_999))
    assert part == Part(2003, account, "20251124")
    key = part.key(part.source(Sources()), "eu-west-1", ["b", "a"])
    assert key.startswith(f"ext/ourside-findings/region=eu-west-1/accountId={account}/eventDay=20251124/ourside-")
    assert key == part.key(part.source(Sources()), "eu-west-1", ["a", "b"]) != part.key("x", "eu-west-1", ["a", "b"])


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"not json",
        b"{}",
        b'{"class_uid":2004,"time":1}',
        b'{"class_uid":2003,"time":"today"}',
        b'{"class_uid":2003,"time":9223372036854775807}',
        b'{"class_uid":2003,"time":1,"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
    ids=["list", "text", "empty", "class", "time", "late", "deep"],
)
def test_what_is_no_event_has_no_place(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no event of OCSF|no source takes"):
        part_of(body)

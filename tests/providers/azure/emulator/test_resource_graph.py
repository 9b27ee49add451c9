"""Resource Graph answers what it understands, about what the caller may read, page by page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.emulator import Emulator
from providers.azure.emulator.query import TABLES, BadQuery, parse
from tests.providers.azure.emulator.conftest import DATA, ONE, TWO, Caller

IDS = "resources | project id, type | order by id asc"


@given(st.integers(min_value=1, max_value=40))
def test_pages_of_any_size_add_up(caller: Caller, size: int) -> None:
    whole = caller.query(IDS, top=1000).body
    told = caller.query(IDS, top=size).body
    rows = told["data"]
    while "$skipToken" in told:
        assert told["resultTruncated"] == "false"
        told = caller.query(IDS, top=size, skipToken=told["$skipToken"]).body
        rows += told["data"]
    assert rows == whole["data"]
    assert len(rows) == whole["totalRecords"] == whole["count"]


@pytest.mark.parametrize(
    "text",
    [
        "resources | summarize count() by type",
        "resources | join kind=inner (resources) on id",
        "resources | mv-expand properties",
        "nosuchtable | project id",
        "resources | where type ~= 'x'",
        "resources | where nosuchfunction(type)",
        "resources | project id |",
        "resources project id",
        "resources | where name matches regex 'a'",
    ],
)
def test_what_is_not_understood_is_a_bad_request(caller: Caller, text: str) -> None:
    told = caller.query(text)
    assert (told.status, told.code) == (400, "BadRequest")
    assert [item["code"] for item in told.body["error"]["details"]] == ["InvalidQuery", "ParserFailure"]


@given(st.text(alphabet="resouc|wh type=~'in(),.project\n<", max_size=40))
def test_no_text_is_understood_by_accident(text: str) -> None:
    try:
        query = parse(text)
    except BadQuery as error:
        assert 0 <= error.place <= len(text)
    else:
        assert query.table == (named if (named := _first_word(text)) in TABLES else "resources")


def _first_word(text: str) -> str:
    """What a query begins with, where it may be the name of a table."""
    return text.split("|")[0].strip().lower()


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("type =~ 'Microsoft.KeyVault/vaults'", ["acme-oldvault", "acme-vault"]),
        ("type == 'Microsoft.KeyVault/vaults'", []),
        ("type in~ ('MICROSOFT.KEYVAULT/VAULTS', 'x') and name != 'acme-vault'", ["acme-oldvault"]),
        ("isnull(properties.minimumTlsVersion) and type =~ 'Microsoft.Storage/storageAccounts'", ["acmeold2016"]),
        ("properties.allowBlobPublicAccess == true", ["acmewebsite"]),
        ("not(type !in~ ('microsoft.sql/servers/databases')) and kind contains 'vcore'", ["ledger"]),
        ("(name startswith 'vm-' or name == 'nsg-play') and location =~ 'northeurope'", ["nsg-play"]),
        ("type has 'flowLogs'", ["flow-vnet-web"]),
    ],
)
def test_conditions_mean_what_they_say(caller: Caller, condition: str, names: list[str]) -> None:
    told = caller.query(f"resources | where {condition} | project name | order by name asc")
    assert [row["name"] for row in told.body["data"]] == names


def test_rows_that_the_caller_may_not_read_are_silently_absent(azure: Emulator) -> None:
    told = Caller(azure, "narrow").query(IDS).body
    assert told["data"]
    assert all(row["id"].startswith(f"{DATA}/") for row in told["data"])
    azure.deny("Microsoft.Storage:storageAccounts.list")
    narrowed = Caller(azure, "narrow").query(IDS)
    azure.allow_all()
    assert narrowed.status == 200
    assert narrowed.body["totalRecords"] == told["totalRecords"] - 3


def test_subscriptions_narrow_and_unseen_ones_are_refused(azure: Emulator, caller: Caller) -> None:
    told = caller.query("resources | project id, subscriptionId", [TWO[15:]])
    assert {row["subscriptionId"] for row in told.body["data"]} == {TWO[15:]}
    refused = Caller(azure, "stranger").query(IDS, [ONE[15:]])
    assert refused.status == 400
    assert refused.body["error"]["details"][0]["code"] == "NoValidSubscriptionsInQueryRequest"


def test_rows_have_the_members_of_the_list(caller: Caller) -> None:
    listed = caller.get(f"{ONE}/providers/Microsoft.Storage/storageAccounts").body["value"]
    rows = caller.query("resources | where type =~ 'microsoft.storage/storageaccounts'", [ONE[15:]]).body["data"]
    by_id = {row["id"]: row for row in rows}
    for item in listed:
        row = by_id[item["id"]]
        assert {name: row[name] for name in item if name != "type"} == {k: v for k, v in item.items() if k != "type"}
        assert row["type"] == "microsoft.storage/storageaccounts"


def test_quota_and_form_are_those_of_the_recorded_answers(caller: Caller) -> None:
    told = caller.query("project id, tags, properties | limit 2")
    assert list(told.body) == ["totalRecords", "count", "data", "facets", "resultTruncated"]
    assert (told.headers["x-ms-user-quota-remaining"], told.headers["x-ms-user-quota-resets-after"]) == (
        "14",
        "00:00:05",
    )


def test_a_result_that_cannot_be_paged_is_truncated(caller: Caller) -> None:
    told = caller.query("resources | project name", top=2).body
    assert told["resultTruncated"] == "true"
    assert "$skipToken" not in told


@pytest.mark.parametrize("table", ["resourcecontainers", "authorizationresources", "securityresources"])
def test_other_tables_have_rows_of_their_own(caller: Caller, table: str) -> None:
    rows = caller.query(f"{table} | project id, type").body["data"]
    assert rows
    assert all(row["type"] == row["type"].lower() for row in rows)


def test_queries_have_a_quota() -> None:
    with Emulator(query_quota=2) as azure:
        caller = Caller(azure)
        told = [caller.query(IDS) for _ in range(3)]
        assert [each.status for each in told] == [200, 200, 429]
        assert [each.headers["x-ms-user-quota-remaining"] for each in told] == ["1", "0", "0"]
        assert 1 <= int(told[2].headers["Retry-After"]) <= 5
        assert told[2].code == "RateLimiting"

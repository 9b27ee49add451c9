"""Laws of everything that stands behind a network, over documents by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.azure.policy.concrete.connect import admits
from providers.azure.policy.concrete.sites import serves, site_admits
from providers.azure.policy.concrete.stores import pulls, reads_blob, reads_website
from providers.azure.policy.judging import connection_access, pull_access, site_access, storage_access
from providers.azure.policy.model.endpoint import Endpoint
from providers.azure.policy.model.requests import Source, source_of
from providers.azure.policy.model.sites import Site, SiteRule
from providers.azure.policy.model.stores import Registry, StorageAccount
from providers.azure.policy.questions.confirm import DISAGREEMENT
from scanner.access import Access, Judgement, judgement
from scanner.facts import Unread
from tests.effort import effort
from tests.providers.azure.policy.strategies import accounts, endpoints, registries, rules, sites, sources
from tests.providers.azure.policy.unread import degraded

LONG = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIRST = settings(LONG, phases=[Phase.generate])
"""What is looked for need not be made small."""
MANY = settings(LONG, max_examples=effort(400, 6))
WIDTH = {"private": 0, "cross-account": 1, "public": 2}
D = TypeVar("D", bound=msgspec.Struct)


def connection(endpoint: Endpoint) -> Access:
    return connection_access(endpoint, "it")


def widened(before: Judgement, after: Judgement) -> bool:
    assume("unknown" not in (before.verdict, after.verdict))
    return WIDTH[after.verdict] > WIDTH[before.verdict]


QUESTIONS: list[tuple[st.SearchStrategy[msgspec.Struct], Callable[..., Access]]] = [
    (endpoints, connection),
    (accounts, storage_access),
    (registries, pull_access),
    (sites, site_access),
]
EACH = pytest.mark.parametrize(("documents", "ask"), QUESTIONS, ids=["connect", "storage", "registry", "site"])


@EACH
@MANY
@given(st.data())
def test_what_was_not_read_never_turns_an_answer(
    documents: st.SearchStrategy[msgspec.Struct], ask: Callable[..., Access], data: st.DataObject
) -> None:
    document = data.draw(documents)
    full = judgement(ask(document)).verdict
    assume(full != "unknown")
    for poorer in degraded(document):
        assert judgement(ask(poorer)).verdict in (full, "unknown"), poorer


@EACH
@MANY
@given(st.data())
def test_the_two_evaluators_agree_and_every_claim_has_a_witness(
    documents: st.SearchStrategy[msgspec.Struct], ask: Callable[..., Access], data: st.DataObject
) -> None:
    found = ask(data.draw(documents))
    assert not [doubt for layer in found.layers for doubt in layer.undecided if doubt.why == DISAGREEMENT]
    verdict = judgement(found)
    assert (verdict.witness is not None) == (verdict.verdict in ("public", "cross-account"))


@MANY
@given(endpoints, sources)
def test_whom_an_endpoint_admits_it_is_not_private_to(endpoint: Endpoint, source: Source) -> None:
    if admits(endpoint, source):
        assert judgement(connection(endpoint)).verdict != "private"


@MANY
@given(accounts, sources, st.booleans())
def test_what_an_account_serves_is_not_private(account: StorageAccount, source: Source, lists: bool) -> None:
    assume(source.kind != "resource")  # it shows an identity
    reads = [reads_blob(account, name, source, lists=lists) for name in ("img", "$web")]
    if reads_website(account, source) or any(reads):
        assert judgement(storage_access(account)).verdict != "private"


@MANY
@given(registries, sources)
def test_what_a_registry_serves_is_not_private(registry: Registry, source: Source) -> None:
    if pulls(registry, source) and source.kind != "resource":
        assert judgement(pull_access(registry)).verdict != "private"


@MANY
@given(sites, sources, st.sampled_from(["", "common", "99999999-9999-9999-9999-999999999999"]))
def test_what_a_site_serves_is_not_private(site: Site, source: Source, identity: str) -> None:
    names = ["the site"] if not isinstance(site.functions, tuple) else [one.name for one in site.functions]
    if site_admits(site, source) and any(serves(site, name, identity) for name in names):
        assert judgement(site_access(site)).verdict != "private"


@MANY
@given(endpoints)
def test_a_public_endpoint_admits_its_witness_and_strangers(endpoint: Endpoint) -> None:
    found = judgement(connection(endpoint))
    if found.verdict == "public":
        assert found.witness is not None
        source = source_of(found.witness.context)
        assert source is not None
        assert source.kind == "address"
        assert admits(endpoint, source)


@MANY
@given(endpoints, st.data())
def test_taking_a_rule_away_never_widens(endpoint: Endpoint, data: st.DataObject) -> None:
    rules = endpoint.firewall
    assert not isinstance(rules.addresses, Unread)
    narrower = data.draw(
        st.sampled_from(
            [
                replace(rules, default_allow=False),
                replace(rules, addresses=rules.addresses[1:]),
                replace(rules, subnets=()),
                replace(rules, instances=()),
                replace(rules, azure=False),
            ]
        )
    )
    assert not widened(judgement(connection(endpoint)), judgement(connection(replace(endpoint, firewall=narrower))))


@MANY
@given(endpoints)
def test_switching_the_endpoint_off_never_widens(endpoint: Endpoint) -> None:
    off = replace(endpoint, switch="disabled")
    assert not widened(judgement(connection(endpoint)), judgement(connection(off)))
    if endpoint.perimeter is None:
        assert judgement(connection(off)).verdict == "private"


@MANY
@given(accounts)
def test_forbidding_anonymous_access_never_widens(account: StorageAccount) -> None:
    off = replace(account, allow_blob_public_access=False)
    assert not widened(judgement(storage_access(account)), judgement(storage_access(off)))


@MANY
@given(sites, rules)
def test_one_more_denial_never_widens(site: Site, rule: SiteRule) -> None:
    assert not isinstance(site.rules, Unread)
    denial = replace(rule, allow=False)
    fixed = replace(site, default_allow=site.default_allow if site.default_allow is not None else not site.rules)
    more = replace(fixed, rules=(*site.rules, denial))
    assert not widened(judgement(site_access(fixed)), judgement(site_access(more)))


@MANY
@given(sites)
def test_a_site_that_is_off_answers_nobody(site: Site) -> None:
    assert judgement(site_access(replace(site, on=False))).verdict == "private"


@EACH
@pytest.mark.parametrize("verdict", [*WIDTH, "unknown"])
def test_the_laws_see_every_verdict(
    documents: st.SearchStrategy[msgspec.Struct], ask: Callable[..., Access], verdict: str
) -> None:
    """The laws would be worth nothing over documents that are all closed."""
    find(documents, lambda document: judgement(ask(document)).verdict == verdict, settings=FIRST)

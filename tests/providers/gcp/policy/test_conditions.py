"""Conditions: what the documentation says of single expressions, and the two evaluators against each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.gcp.policy.concrete.conditions import OfRequest, OfToken, holds
from providers.gcp.policy.concrete.principals import names
from providers.gcp.policy.language.cel import Unclear, parse
from providers.gcp.policy.language.members import member
from providers.gcp.policy.language.pools import Pool, Provider
from providers.gcp.policy.language.request import LIST_PREFIX, Claim, Principal, Request, Resource
from providers.gcp.policy.questions.issuers import issuer_of
from providers.gcp.policy.questions.possible import can_hold
from providers.gcp.policy.questions.targets import RequestDomain, Target
from providers.gcp.policy.questions.tokens import stranger_can
from tests.effort import effort
from tests.providers.gcp.policy.own_cases import OWNER

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)  # a Monday
OBJECTS = Resource("projects/_/buckets/b/objects/", "storage.googleapis.com/Object", "storage.googleapis.com")
NOBODY = Principal("anonymous")


def request(name: str = "a/b.txt", time: datetime | None = NOW, tags: dict[str, str] | None = None) -> Request:
    resource = Resource(OBJECTS.name + name, OBJECTS.type, OBJECTS.service, tags=tags)
    return Request(NOBODY, "storage.objects.get", resource, time)


# https://cloud.google.com/iam/docs/conditions-attribute-reference
DOCUMENTED = [
    ('request.time < timestamp("2026-06-01T12:31:00Z")', True),
    ('request.time < timestamp("2026-06-01T12:30:00Z")', False),
    ('request.time <= timestamp("2026-06-01T12:30:00.000Z")', True),
    ('request.time > timestamp("2026-06-01T08:29:59-04:00")', True),
    ('request.time < timestamp("2026-06-01T12:00:00Z") + duration("1800s")', False),
    ('request.time < timestamp("2026-06-01T12:00:00Z") + duration("30m1s")', True),
    ("request.time.getFullYear() == 2026", True),
    ("request.time.getMonth() == 5", True),
    ("request.time.getDate() == 1", True),
    ("request.time.getDayOfMonth() == 0", True),
    ("request.time.getDayOfWeek() == 1", True),
    ("request.time.getDayOfYear() == 151", True),
    ("request.time.getHours() == 12", True),
    ('request.time.getHours("+02:00") == 14', True),
    ('request.time.getHours("Europe/Berlin") == 14', True),
    ('request.time.getHours("-11:30") == 1', True),
    ("request.time.getMinutes() == 30", True),
    ('request.time.getHours("Nowhere/AtAll") == 14', None),
    ('resource.type == "storage.googleapis.com/Object"', True),
    ('resource.service == "compute.googleapis.com"', False),
    ('resource.name.startsWith("projects/_/buckets/b/objects/a/")', True),
    ('resource.name.endsWith(".txt") && !resource.name.contains("..")', True),
    ('resource.name.extract("/objects/{part}/") == "a"', True),
    ('resource.name.extract("objects/{part}") == "a/b.txt"', True),
    ('resource.name.extract("{part}/buckets") == "projects/_"', True),
    ('resource.name.extract("nothing/{part}") == ""', True),
    ('resource.name in ["x", "projects/_/buckets/b/objects/a/b.txt"]', True),
    ('"x" in ["y"]', False),
    ('resource["name"].startsWith("projects")', True),
    ("true ? false : true", False),
    ('resource.name.lowerAscii() == "x"', False),
    ('resource.name.matches("projects.*")', None),
    ("resource.name < 3", None),
    ("1 < 2 && 2.5 > 1", True),
    ("resource.unheard_of", None),
    ("unheard_of || true", True),
    ("unheard_of && false", False),
    ("!(unheard_of)", None),
    ("request.time", None),
    ('timestamp("yesterday") < request.time', None),
    ('duration("soon") < duration("1s")', None),
    ('duration("-1.5h") < duration("1ms")', True),
    ('request.time < timestamp("0001-01-01T00:00:00Z") - duration("9999999h")', None),
    (r'"a\x41é\n" == "aAé\n"', True),
    (r"r'\d' == '\\d'", True),
    ("'''a'b''' == \"a'b\"", True),
    ("// nothing but a remark\ntrue", True),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED, ids=[text for text, _ in DOCUMENTED])
def test_documented_expressions(text: str, expected: bool | None) -> None:
    assert holds(parse(text), OfRequest(request())) is expected


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED, ids=[text for text, _ in DOCUMENTED])
def test_the_question_side_agrees_or_does_not_know(text: str, expected: bool | None) -> None:
    target = Target("storage.objects.get", "read", request().resource)
    assert can_hold(parse(text), RequestDomain(target, NOW)) in (expected, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('resource.matchTag("1/env", "prod")', True),
        ('resource.matchTag("1/env", "dev")', False),
        ('resource.hasTagKey("1/env")', True),
        ('resource.hasTagKey("1/team")', False),
    ],
)
def test_tags(text: str, expected: bool) -> None:
    known = request(tags={"1/env": "prod"})
    assert holds(parse(text), OfRequest(known)) is expected
    assert can_hold(parse(text), RequestDomain(Target("p", "read", known.resource), NOW)) is expected
    assert holds(parse(text), OfRequest(request())) is None


def test_attributes_of_the_interface() -> None:
    text = f'api.getAttribute("{LIST_PREFIX}", "").startsWith("a/")'
    listing = Request(NOBODY, "storage.objects.list", OBJECTS, NOW, {LIST_PREFIX: "a/b"})
    assert holds(parse(text), OfRequest(listing)) is True
    assert holds(parse(text), OfRequest(request())) is False
    granting = 'api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/viewer"])'
    ask = Request(NOBODY, "x.setIamPolicy", OBJECTS, NOW, {"iam.googleapis.com/modifiedGrantsByRole": ("roles/owner",)})
    assert holds(parse(granting), OfRequest(ask)) is False


UNREADABLE = (
    "",
    "(" * 30 + "true" + ")" * 30,
    "!" * 40 + "true",
    "a" * 30_000,
    "a.b" + ".c" * 40,
    "1 < 2 < 3",
    "x y",
    "'",
    '"\\q"',
    "true" + " && true" * 700,
    "1" + " + 1" * 60,
    "{'a': 1}",
    "0xzz == 1",
    "9" * 5000 + " == 1",
    "a[",
    "f(,)",
    "@",
)


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_unclear_and_never_raises(text: str) -> None:
    assert isinstance(parse(text), Unclear)
    assert holds(parse(text), OfRequest(request())) is None


@settings(max_examples=effort(400), deadline=None)
@given(st.text(alphabet="abc.()[]!&|=<>'\"\\ 1?:,/+-", max_size=60))
def test_any_text_is_read_or_unclear(text: str) -> None:
    holds(parse(text), OfRequest(request()))
    can_hold(parse(text), RequestDomain(Target("p", "read", OBJECTS, free=True), NOW))


ATOMS = st.sampled_from(
    [
        *(
            f'resource.name.{test}("{text}")'
            for test in ("startsWith", "endsWith", "contains")
            for text in ("", "x", "objects")
        ),
        'resource.name.startsWith("projects/_/buckets/b/objects/x")',
        'resource.name.startsWith("projects/_/buckets/c")',
        'resource.name == "projects/_/buckets/b/objects/x"',
        'resource.name == "projects/_/buckets/c/objects/x"',
        'resource.name in ["a", "projects/_/buckets/b/objects/y"]',
        "resource.name == resource.name",
        'resource.type == "storage.googleapis.com/Object"',
        'resource.service != "storage.googleapis.com"',
        'request.time < timestamp("2026-06-01T13:00:00Z")',
        'request.time > timestamp("2026-06-01T13:00:00Z")',
        "request.time.getHours() < 13",
        "unheard_of",
        "true",
        "false",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda a: f"!({a})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} && {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} || {p[1]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=effort(600), deadline=None)
@given(EXPRESSIONS, st.text(alphabet="xyobjects/", max_size=8), st.integers(0, 2))
def test_always_and_never_have_no_counter_example(text: str, name: str, hour: int) -> None:
    time = NOW + timedelta(hours=hour)
    tree = parse(text)
    can = can_hold(tree, RequestDomain(Target("storage.objects.get", "read", OBJECTS, free=True), time))
    does = holds(tree, OfRequest(request(name, time)))
    assert can is None or does is None or can == does


CLAIMS = ("repository_owner", "repository", "sub", "ref", "repository_owner_id", "environment", "actor")
TEXTS = (
    "",
    "acme",
    "acme/",
    "acme/app",
    "repo:acme/app:ref:main",
    "repo:acme",
    "repo:acme/",
    "main",
    "123",
    "app",
    "/app",
)
TOKEN_ATOMS = st.one_of(
    st.tuples(st.sampled_from(CLAIMS), st.sampled_from(["==", "!="]), st.sampled_from(TEXTS)).map(
        lambda p: f"assertion.{p[0]} {p[1]} '{p[2]}'"
    ),
    st.tuples(
        st.sampled_from(CLAIMS), st.sampled_from(["startsWith", "endsWith", "contains"]), st.sampled_from(TEXTS)
    ).map(lambda p: f"assertion.{p[0]}.{p[1]}('{p[2]}')"),
    st.tuples(st.sampled_from(CLAIMS), st.lists(st.sampled_from(TEXTS), max_size=2)).map(
        lambda p: f"assertion.{p[0]} in {p[1]!r}"
    ),
    st.sampled_from(["has(assertion.ref)", "assertion.repository == assertion.repository", "attribute.x == 'acme'"]),
)
TOKEN_CONDITIONS = st.recursive(
    TOKEN_ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda a: f"!({a})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} && {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} || {p[1]})"),
    ),
    max_leaves=5,
)
EVERY = member("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/gh/*")


@settings(max_examples=effort(600), deadline=None)
@given(
    TOKEN_CONDITIONS,
    st.sampled_from(["evil", "acme-evil", "evil-acme", "acmeevil"]),
    st.sampled_from(["app", "main", "acme", "x"]),
    st.sampled_from(["main", "", "acme", "acme/app"]),
)
def test_a_pinned_pool_takes_no_strangers_token(text: str, owner: str, repository: str, ref: str) -> None:
    provider = Provider("oidc", GITHUB, parse(text))
    if holds(provider.condition, OfToken(strangers(owner, repository, ref))):
        assert stranger_can(EVERY, provider, issuer_of(provider, OWNER)) is not False


GITHUB = "https://token.actions.githubusercontent.com"


def strangers(owner: str, repository: str, ref: str) -> dict[str, Claim]:
    return {
        "repository_owner": owner,
        "repository_owner_id": "12345",
        "repository": f"{owner}/{repository}",
        "sub": f"repo:{owner}/{repository}:ref:{ref}",
        "ref": ref,
        "environment": ref,
        "actor": owner,
    }


POOL = "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/gh"
MAPPED = st.sampled_from(
    [*(f"assertion.{claim}" for claim in CLAIMS), "'acme'", "assertion.ref == 'main' ? 'acme' : 'x'"]
)


@settings(max_examples=effort(600), deadline=None)
@given(
    st.none() | TOKEN_CONDITIONS,
    st.none() | MAPPED,
    st.sampled_from(["attribute.x/", "attribute.ref/", "subject/"]),
    st.sampled_from(["acme", "acme/app", "main", "acme-evil", "repo:acme/app:ref:main", "environment:prod"]),
    st.sampled_from(["evil", "acme-evil"]),
    st.sampled_from(["main", "acme", "acme/app"]),
)
def test_a_pinned_selection_takes_no_strangers_token(
    text: str | None, mapped: str | None, select: str, value: str, owner: str, ref: str
) -> None:
    """Unless it selects the stranger by name."""
    mapping = {"google.subject": parse("assertion.sub"), "attribute.x": parse(mapped)} if mapped else {}
    provider = Provider("oidc", GITHUB, parse(text) if text else None, mapping)
    prefix = "principal" if select == "subject/" else "principalSet"
    chosen = member(f"{prefix}://{POOL}/{select}{value}")
    token = Principal("federated", pool=chosen.pool, claims=strangers(owner, "app", ref))
    if names(chosen, token, {"gh": Pool("gh", (provider,))}) and value != owner:
        assert stranger_can(chosen, provider, issuer_of(provider, OWNER)) is not False

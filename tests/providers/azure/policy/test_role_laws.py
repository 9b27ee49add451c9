"""Laws of role assignments, over tenants by the thousand."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.azure.policy.concrete.authorize import authorize
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import (
    EVERYONE,
    Administrator,
    Assignment,
    Authorization,
    Denial,
    Directory,
    Permission,
    Principal,
    Role,
)
from providers.azure.policy.questions.confirm import DISAGREEMENT
from providers.azure.policy.questions.roles import RoleQuestion
from providers.azure.policy.role_access import role_access
from scanner.access import judgement
from scanner.facts import Unread
from tests.effort import effort
from tests.providers.azure.policy.documents import FOREIGN, OWN
from tests.providers.azure.policy.unread import degraded

MANY = settings(max_examples=effort(300, 6), deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDS = ("member", "guest", "app", "inner", "outer")
SUBSCRIPTIONS = ("/subscriptions/1", "/subscriptions/10")
GROUP = "/providers/Microsoft.Management/managementGroups/top"
SCOPES = ("/", GROUP, *SUBSCRIPTIONS, "/subscriptions/1/resourceGroups/g", "/subscriptions/1/resourceGroups/g2")
PATTERNS = (
    "*",
    "*/read",
    "Microsoft.Storage/*",
    "microsoft.storage/storageaccounts/READ",
    "Microsoft.Web/*/write",
    "x/*",
)
ACTIONS = (
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Web/sites/write",
    "Microsoft.Storage/storageAccounts/write",
)

patterns = st.lists(st.sampled_from(PATTERNS), max_size=2).map(tuple)
permissions = st.lists(st.builds(Permission, patterns, patterns, patterns, patterns), min_size=1, max_size=2).map(tuple)
roles = st.tuples(*(st.builds(Role, st.just(name), st.just(name), permissions) for name in ("r1", "r2")))
held_by = st.sampled_from((*IDS, EVERYONE))
assignments = st.lists(
    st.builds(
        Assignment,
        st.sampled_from(("r1", "r2")),
        held_by,
        st.sampled_from(SCOPES),
        condition=st.sampled_from(("", "", "!(ActionMatches{'*/write'})", "@Resource[a] StringEquals 'b'")),
        eligible=st.sampled_from((False, False, True)),
    ),
    max_size=3,
).map(tuple)
denials = st.builds(
    Denial,
    permissions,
    st.sampled_from(SCOPES),
    st.lists(held_by, min_size=1, max_size=2).map(tuple),
    st.lists(st.sampled_from(IDS), max_size=1).map(tuple),
    st.booleans(),
)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Three people and two groups, which may hold each other."""
    members = st.lists(st.sampled_from(IDS), max_size=3).map(tuple)
    people = (
        Principal("member", "user", guest=False),
        Principal("guest", "user", guest=True, home_tenant=FOREIGN),
        Principal("app", "service-principal", app_owner=draw(st.sampled_from((OWN, FOREIGN)))),
        Principal("inner", "group", members=draw(members)),
        Principal("outer", "group", members=draw(members)),
    )
    return Directory(OWN, people, complete=True)


tenants = st.builds(
    Authorization,
    directories(),
    roles,
    assignments,
    st.lists(denials, max_size=1).map(tuple),
    st.lists(st.builds(Administrator, st.sampled_from(IDS[:3]), st.sampled_from(("1", "10"))), max_size=1).map(tuple),
    st.just({"/subscriptions/1": GROUP, "/subscriptions/10": "/", GROUP: "/"}),
)
requests = st.builds(
    Request,
    st.sampled_from(IDS),
    st.sampled_from(ACTIONS),
    st.sampled_from(SCOPES[1:]),
    st.booleans(),
    st.just(""),
)
questions = st.builds(
    RoleQuestion, st.sampled_from(SCOPES[1:]), st.sampled_from(("", *ACTIONS, "*/read")), st.booleans()
)


def outsiders(tenant: Authorization) -> list[str]:
    principals = tenant.directory.principals
    assert not isinstance(principals, Unread)
    return [one.id for one in principals if one.home_tenant == FOREIGN or one.app_owner == FOREIGN]


@MANY
@given(tenants, requests, denials)
def test_a_denial_never_widens(tenant: Authorization, request: Request, denial: Denial) -> None:
    assert not isinstance(tenant.denials, Unread)
    more = replace(tenant, denials=(*tenant.denials, denial))
    before, after = authorize(tenant, request), authorize(more, request)
    if after == "Allowed":
        assert before == "Allowed"
    if before == "ExplicitlyDenied":
        assert after == "ExplicitlyDenied"


@MANY
@given(tenants, questions, denials)
def test_a_denial_never_lets_an_outsider_in(tenant: Authorization, question: RoleQuestion, denial: Denial) -> None:
    assert not isinstance(tenant.denials, Unread)
    before = judgement(role_access(tenant, question)).verdict
    after = judgement(role_access(replace(tenant, denials=(*tenant.denials, denial)), question)).verdict
    assert not (before == "private" and after == "cross-account")


@MANY
@given(tenants, requests, assignments)
def test_one_more_assignment_takes_nothing_away(
    tenant: Authorization, request: Request, more: tuple[Assignment, ...]
) -> None:
    """So notActions of one role takes away nothing that another gives."""
    assert not isinstance(tenant.assignments, Unread)
    if authorize(tenant, request) == "Allowed":
        assert authorize(replace(tenant, assignments=(*tenant.assignments, *more)), request) == "Allowed"


@MANY
@given(
    tenants,
    requests,
    st.sampled_from(["/x", "/providers/Microsoft.Web/sites/s", "/resourceGroups/deep/providers/a/b/c"]),
)
def test_what_is_granted_at_a_scope_is_granted_below(tenant: Authorization, request: Request, below: str) -> None:
    assume(request.scope.startswith("/subscriptions"))
    free = replace(tenant, denials=())
    if authorize(free, request) == "Allowed":
        assert authorize(free, replace(request, scope=request.scope + below)) == "Allowed"


@MANY
@given(tenants, requests)
def test_case_never_matters(tenant: Authorization, request: Request) -> None:
    louder = replace(
        request, principal=request.principal.upper(), action=request.action.upper(), scope=request.scope.upper()
    )
    assert authorize(tenant, louder) == authorize(tenant, request)


@MANY
@given(tenants, requests)
def test_what_was_not_read_never_turns_a_decision(tenant: Authorization, request: Request) -> None:
    full = authorize(tenant, request)
    assume(full != "unknown")
    for poorer in degraded(tenant):
        assert authorize(poorer, request) in (full, "unknown"), poorer


@MANY
@given(tenants, questions)
def test_what_was_not_read_never_turns_a_verdict(tenant: Authorization, question: RoleQuestion) -> None:
    full = judgement(role_access(tenant, question)).verdict
    assume(full != "unknown")
    for poorer in degraded(tenant):
        assert judgement(role_access(poorer, question)).verdict in (full, "unknown"), poorer


@MANY
@given(tenants, questions)
def test_the_verdict_is_what_single_requests_say(tenant: Authorization, question: RoleQuestion) -> None:
    assume(question.action in ACTIONS)
    found = role_access(tenant, question)
    assert not [doubt for layer in found.layers for doubt in layer.undecided if doubt.why == DISAGREEMENT]
    answers = {
        authorize(tenant, Request(who, question.action, question.scope, data=question.data), activated=True)
        for who in (*outsiders(tenant), "somebody else of the directory")
    }
    verdict = judgement(found).verdict
    if "Allowed" in answers:
        assert verdict == "cross-account"
    if verdict == "private":
        assert answers <= {"ImplicitlyDenied", "ExplicitlyDenied"}

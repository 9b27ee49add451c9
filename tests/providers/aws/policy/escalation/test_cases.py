"""Cases of escalation: what opens a way, what closes it, and what cannot be told."""

from __future__ import annotations

import msgspec
import pytest

from providers.aws.policy.escalation import ADMIN, OUTSIDE, Document, Principal, Workload
from providers.aws.policy.language.tree import Malformed
from tests.providers.aws.policy.escalation.account import (
    ACCOUNT,
    ALL,
    Json,
    all_methods,
    answer,
    deny,
    document,
    group,
    methods,
    policy_arn,
    role,
    role_arn,
    statement,
    trust,
    user,
    user_arn,
)

MALFORMED = Document("broken", Malformed("", "is no JSON"))
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
LAMBDA = ["lambda:CreateFunction", "lambda:InvokeFunction"]
APP = role("app", ALL, trust=trust("lambda.amazonaws.com"))


def bounded(name: str, *allowed: str, own: Document = ALL) -> Principal:
    boundary = document(statement(list(allowed)), name="bound", arn=policy_arn("bound"))
    return user(name, own, boundary=boundary)


# --- everything -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "documents",
    [
        (document(statement("*")),),
        (document(statement("**")),),
        (document(statement("*:*")),),
        (document(statement("*", ["arn:aws:s3:::one", "*"])),),
        (document(statement("iam:*")), document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        (document(statement("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),),
    ],
)
def test_an_administrator_however_it_is_spelled(documents: tuple[Document, ...]) -> None:
    assert answer(user("ann", *documents)).admins == (user_arn("ann"),)


@pytest.mark.parametrize(
    "documents",
    [
        (document(statement("*"), deny("*")),),
        (document(statement("*", Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})),),
        (document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),),
    ],
)
def test_less_than_everything(documents: tuple[Document, ...]) -> None:
    found = answer(user("ann", *documents))
    assert found.admins == ()
    assert found.paths == {}


def test_what_the_organization_takes_from_all_makes_nobody_less_of_an_administrator() -> None:
    full = document(statement("*"), name="full")
    level = (full, document(deny("organizations:LeaveOrganization"), name="stay"))
    found = answer(user("ann", ALL), user("bob"), guardrails=(level,))
    assert found.admins == (user_arn("ann"),)


def test_a_guardrail_closes_a_way() -> None:
    ann = user("ann", document(statement("iam:CreateAccessKey")))
    level = (document(statement("*"), name="full"), document(deny("iam:CreateAccessKey"), name="no-keys"))
    assert user_arn("ann") in answer(ann, user("root", ALL)).paths
    assert user_arn("ann") not in answer(ann, user("root", ALL), guardrails=(level,)).paths


def test_near_administrators_by_what_they_can_do() -> None:
    reader = user("reader", document(statement("s3:Get*"), statement("kms:PutKeyPolicy", Condition=FROM_OFFICE)))
    found = answer(reader, user("bucket", document(statement("s3:GetObject", "arn:aws:s3:::one/*"))), user("root", ALL))
    assert {held.name: held.answer for held in found.near_admins[reader.arn]} == {
        "key-policies": True,
        "read-all-objects": True,
    }
    assert set(found.near_admins) == {reader.arn}


# --- oneself --------------------------------------------------------------------------------------------------------


def test_a_boundary_bounds_what_one_gives_oneself() -> None:
    ann = bounded("ann", "iam:PutUserPolicy", "s3:*")
    assert answer(ann).paths.keys() & {ann.arn} == set()


def test_a_boundary_that_lets_itself_be_taken_off() -> None:
    own = document(statement(["iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"]))
    ann = bounded("ann", "iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary", own=own)
    assert set(methods(answer(ann), ann)) == {"iam-put-user-policy-self", "iam-delete-user-boundary"}
    assert len(methods(answer(ann), ann)) == 2


def denying(arn: str = "") -> Document:
    return document(deny("kms:*"), name="denying", arn=arn)


def test_a_deny_stays_when_one_gives_oneself_everything_but_a_new_role_is_free_of_it() -> None:
    ann = user("ann", document(statement("iam:PutUserPolicy", user_arn("ann"))), denying(policy_arn("denying")))
    narrow = document(deny(["iam:Detach*", "iam:CreatePolicyVersion"]), name="narrow", arn=policy_arn("narrow"))
    hardened = Principal(ann.arn, "user", (*ann.documents, narrow), tags=())
    assert methods(answer(hardened), ann) == ("iam-put-user-policy-self", "iam-create-role")


def test_putting_a_policy_overwrites_one_that_denies() -> None:
    ann = user("ann", document(statement("iam:PutUserPolicy", user_arn("ann"))), denying())
    assert methods(answer(ann), ann) == ("iam-put-user-policy-self",)


@pytest.mark.parametrize(
    ("action", "arn", "method"),
    [
        ("iam:DeleteUserPolicy", "", "iam-delete-user-policy"),
        ("iam:DetachUserPolicy", policy_arn("denying"), "iam-detach-user-policy"),
    ],
)
def test_a_denial_that_one_can_take_off(action: str, arn: str, method: str) -> None:
    able = document(statement(LAMBDA), statement(action, user_arn("ann")))
    pass_on = document(statement(["iam:PassRole"]))
    blocked = document(deny("lambda:*"), name="denying", arn=arn)
    ann = user("ann", able, pass_on, blocked)
    assert methods(answer(ann, APP), ann)[0] == method
    assert answer(user("ann", document(statement(LAMBDA)), pass_on, blocked), APP).paths == {}


def test_a_group_that_denies_can_be_left() -> None:
    deniers = group("deniers", document(deny("lambda:*"), name="deniers"))
    own = document(statement(["iam:PassRole", *LAMBDA, "iam:RemoveUserFromGroup"]))
    ann = user("ann", own, groups=(deniers,))
    assert methods(answer(ann, APP, groups=(deniers,)), ann)[0] == "iam-leave-group"


def test_a_group_is_first_allowed_everything_and_then_joined() -> None:
    steps = ["iam:PutGroupPolicy", "iam:AddUserToGroup"]
    ann = user("ann", document(statement(steps, "arn:aws:iam::*:group/plain")))
    assert methods(answer(ann, groups=(group("plain"),)), ann) == ("iam-widen-and-join-group",)
    assert answer(ann).paths == {}
    bob = user("bob", document(statement(["iam:CreateGroup", *steps], "arn:aws:iam::*:group/new-*")))
    assert methods(answer(bob), bob) == ("iam-create-and-join-group",)


def test_a_policy_that_may_only_attach_harmless_ones_is_a_potential() -> None:
    harmless = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    ann = user("ann", document(statement("iam:AttachUserPolicy", user_arn("ann"), Condition=harmless)))
    found = answer(ann)
    assert found.paths == {}
    assert [each.method for each in found.potentials] == ["iam-attach-user-policy-self"]


def test_an_administrator_policy_of_ones_own_can_be_attached_too() -> None:
    strong = document(statement("*"), name="strong", arn=policy_arn("strong"))
    only = {"ArnEquals": {"iam:PolicyARN": policy_arn("strong")}}
    ann = user("ann", document(statement("iam:AttachUserPolicy", user_arn("ann"), Condition=only)))
    assert answer(ann).paths == {}
    assert methods(answer(ann, managed=(strong,)), ann) == ("iam-attach-user-policy-self",)


def test_an_aws_managed_policy_cannot_be_rewritten() -> None:
    theirs = document(statement("s3:*"), name="theirs", arn="arn:aws:iam::aws:policy/Theirs")
    ann = user("ann", document(statement("iam:CreatePolicyVersion")), theirs)
    assert answer(ann).paths == {}


def test_earlier_versions_that_were_not_read_are_a_potential() -> None:
    held = document(statement("iam:SetDefaultPolicyVersion"), name="held", arn=policy_arn("held"))
    weak = document(
        statement("iam:SetDefaultPolicyVersion"), name="held", arn=policy_arn("held"), earlier=(MALFORMED.policy,)
    )
    assert "earlier versions of held" in answer(user("ann", held)).potentials[0].why
    assert "is no JSON" in answer(user("ann", weak)).unknown[user_arn("ann")].why


def test_joining_a_group_adds_to_what_one_has() -> None:
    """Neither alone is enough: the user passes the role, the group creates the function."""
    makers = group("makers", document(statement(LAMBDA), name="makers"))
    ann = user("ann", document(statement("iam:AddUserToGroup"), statement("iam:PassRole")))
    assert methods(answer(ann, APP, groups=(makers,)), ann)[:2] == ("iam-add-user-to-group", "lambda-create-function")


def test_joining_leaves_out_a_group_that_denies() -> None:
    makers = group("makers", document(statement(LAMBDA), name="makers"))
    deniers = group("deniers", document(deny("lambda:*"), name="deniers"))
    ann = user("ann", document(statement("iam:AddUserToGroup"), statement("iam:PassRole")))
    assert ann.arn in answer(ann, APP, groups=(makers, deniers)).paths


# --- other principals -----------------------------------------------------------------------------------------------


def test_a_role_that_names_a_user_needs_no_policy_of_the_user() -> None:
    admin = role("admin", ALL, trust=trust(user_arn("ann")))
    assert methods(answer(user("ann"), admin), user_arn("ann")) == ("sts-assume-role", "everything")
    assert answer(user("bob"), admin).paths == {}


@pytest.mark.parametrize(
    "ann",
    [
        user("ann", document(deny("sts:AssumeRole"))),
        bounded("ann", "s3:*"),  # "it must allow the sts:AssumeRole action", says AWS of a boundary here
    ],
)
def test_but_a_deny_and_a_boundary_still_bind(ann: Principal) -> None:
    assert answer(ann, role("admin", ALL, trust=trust(user_arn("ann")))).paths == {}


def test_a_role_that_names_the_account_leaves_it_to_policies() -> None:
    admin = role("admin", ALL, trust=trust(ACCOUNT))
    allowed = user("ann", document(statement("sts:AssumeRole", role_arn("admin"))))
    assert set(answer(allowed, user("bob"), admin).paths) == {user_arn("ann")}


def test_an_external_id_is_a_condition_that_the_path_names() -> None:
    admin = role("admin", ALL, trust=trust(user_arn("ann"), Condition={"StringEquals": {"sts:ExternalId": "x"}}))
    edge = answer(user("ann"), admin).paths[user_arn("ann")].edges[0]
    assert edge.conditions == ("the external id is x",)
    assert edge.witnesses[0].context == {"sts:externalid": "x"}


def test_a_session_that_is_named_is_a_session_of_its_role() -> None:
    admin = role("admin", ALL, trust=trust(f"arn:aws:sts::{ACCOUNT}:assumed-role/app/deploy"))
    assert set(answer(role("app", trust=trust("ec2.amazonaws.com")), admin).paths) == {role_arn("app")}


def test_roles_of_aws_itself_cannot_be_changed() -> None:
    theirs = Principal(role_arn("aws-reserved/sso.amazonaws.com/Admin"), "role", (ALL,), trust=trust("x.amazonaws.com"))
    ann = user("ann", document(statement(["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"])))
    assert answer(ann, theirs).paths == {}


def test_a_new_user_under_a_required_boundary_is_no_way() -> None:
    required = {"StringEquals": {"iam:PermissionsBoundary": policy_arn("bound")}}
    actions = ["iam:CreateUser", "iam:PutUserPolicy", "iam:CreateAccessKey"]
    assert user_arn("ann") in answer(user("ann", document(statement(actions)))).paths
    limited = document(statement(actions[:2], Condition=required), statement(actions[2]))
    assert answer(user("ann", limited)).paths == {}


def test_cycles_end() -> None:
    ann = user("ann", document(statement("iam:CreateAccessKey", user_arn("bob"))))
    bob = user("bob", document(statement("iam:CreateAccessKey", user_arn("ann"))))
    assert answer(ann, bob).paths == {}


# --- passing roles --------------------------------------------------------------------------------------------------


def passer(*more: Json) -> Principal:
    return user("ann", document(*more, statement(LAMBDA)))


def test_a_role_that_trusts_another_service_is_not_passed() -> None:
    ann = passer(statement("iam:PassRole"))
    assert ann.arn in answer(ann, APP).paths
    assert answer(ann, role("app", ALL, trust=trust("ec2.amazonaws.com"))).paths == {}


@pytest.mark.parametrize(("service", "opens"), [("lambda.amazonaws.com", True), ("ec2.amazonaws.com", False)])
def test_passing_to_some_services_only(service: str, opens: bool) -> None:
    ann = passer(statement("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": service}}))
    assert (ann.arn in answer(ann, APP).paths) is opens


def test_a_source_account_in_the_trust_policy_is_the_own_one() -> None:
    own = role(
        "app", ALL, trust=trust("lambda.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    )
    other = role(
        "app", ALL, trust=trust("lambda.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "1" * 12}})
    )
    ann = passer(statement("iam:PassRole"))
    assert ann.arn in answer(ann, own).paths
    assert answer(ann, other).paths == {}


def test_creating_and_running_must_meet_in_one_resource() -> None:
    def made(create: str, invoke: str) -> Principal:
        function = f"arn:aws:lambda:*:{ACCOUNT}:function:"
        return user(
            "ann",
            document(
                statement("iam:PassRole"),
                statement("lambda:CreateFunction", function + create),
                statement("lambda:InvokeFunction", function + invoke),
            ),
        )

    found = answer(made("dev-*", "*"), APP)
    resources = {w.resource for w in found.paths[user_arn("ann")].edges[0].witnesses if w.action.startswith("lambda:")}
    assert len(resources) == 1
    assert resources.pop().startswith(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:dev-")
    apart = answer(made("dev-*", "prod-*"), APP)
    assert apart.paths == {}
    assert "no one resource" in apart.unknown[user_arn("ann")].why


def test_a_region_of_ones_own_is_chosen() -> None:
    there = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    ann = user(
        "ann",
        document(
            statement("iam:PassRole"), statement(LAMBDA, f"arn:aws:lambda:eu-west-1:{ACCOUNT}:*", Condition=there)
        ),
    )
    assert ann.arn in answer(ann, APP).paths


# --- what cannot be told --------------------------------------------------------------------------------------------


def test_a_condition_on_the_network_is_one_of_the_path() -> None:
    ann = user("ann", document(statement("iam:PutUserPolicy", user_arn("ann"), Condition=FROM_OFFICE)))
    (edge,) = answer(ann).paths[ann.arn].edges
    assert edge.conditions == ("from 203.0.113.0/24",)
    assert edge.witnesses[0].context["aws:sourceip"].startswith("203.0.113.")


def test_what_the_own_tags_decide_is_unknown_where_they_were_not_read() -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "iam"}}
    ann = user("ann", document(statement("iam:PutUserPolicy", user_arn("ann"), Condition=tagged)))
    assert answer(ann).paths == {}
    unread = answer(msgspec.structs.replace(ann, tags=None))
    assert unread.paths == {}
    assert unread.unknown[ann.arn].path.end == ADMIN


@pytest.mark.parametrize(
    "ann",
    [
        user("ann", MALFORMED),
        user("ann", document(statement("iam:PutUserPolicy")), boundary=MALFORMED),
        user("ann", ALL, MALFORMED),
        user("ann", document(statement("sts:AssumeRole"))),
    ],
)
def test_a_document_that_cannot_be_read_is_unknown(ann: Principal) -> None:
    found = answer(ann, role("admin", ALL, trust=MALFORMED.policy))
    assert "is no JSON" in found.unknown[ann.arn].why
    assert ann.arn not in found.admins


# --- resources that are there ---------------------------------------------------------------------------------------


def test_without_an_inventory_a_resource_is_a_potential_and_no_edge() -> None:
    ann = user("ann", document(statement("lambda:UpdateFunctionCode")))
    found = answer(ann, APP)
    assert found.paths == {}
    assert [(each.principal, each.method) for each in found.potentials] == [(ann.arn, "lambda-update-code")]


def test_with_one_it_is_an_edge_where_it_is_allowed() -> None:
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:"
    workloads = [
        Workload(function + "one", "lambda", role_arn("app")),
        Workload(function + "two", "lambda", role_arn("x")),
    ]
    ann = user("ann", document(statement("lambda:UpdateFunctionCode", function + "one")))
    bob = user("bob", document(statement("lambda:UpdateFunctionCode", function + "two")))
    found = answer(ann, bob, APP, workloads=workloads)
    assert set(found.paths) == {ann.arn}
    assert found.paths[ann.arn].edges[0].witnesses[0].resource == function + "one"
    assert found.potentials == ()


def test_parties_outside_that_a_role_lets_in() -> None:
    deploy = role("deploy", document(statement("iam:PassRole"), statement(LAMBDA)), trust=trust("ec2.amazonaws.com"))
    found = answer(deploy, APP, outside={deploy.arn: ("anyone", "account 444455556666")})
    assert methods(found, OUTSIDE + "anyone") == ("outside-trust", "lambda-create-function", "everything")
    assert OUTSIDE + "account 444455556666" in found.paths


# --- what to remove -------------------------------------------------------------------------------------------------


def test_the_fewest_grants_to_remove() -> None:
    ann = user("ann", document(statement("iam:PassRole"), statement(LAMBDA), statement("iam:CreateAccessKey")))
    found = answer(ann, APP, user("root", ALL))
    gone = found.cut(ann.arn).fans
    assert gone is not None
    assert {each.method for each in gone} == {"iam-create-access-key", "lambda-create-function"}
    assert all_methods(found, ann.arn) == {"iam-create-access-key", "lambda-create-function"}

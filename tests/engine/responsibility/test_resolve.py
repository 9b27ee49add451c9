"""Whose duty: the line moves with the service model and with attributes, and an unread fact moves nothing."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.document import parse
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.boundary import Read, Unknown
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel
from scanner.responsibility.resolve import provider_side, resolve

AWS = Path(__file__).parents[3] / "providers" / "aws" / "responsibility.yaml"
MODEL = load_model([AWS])

LAB = parse(
    """
provider: lab
account_type: {title: Lab account, ocsf_type_id: 99, resource_type: lab.account.settings}
sources: [{id: lab-srm, title: Lab, url: https://lab.example/shared, read: 2026-01-31}]
lists: [{id: retired, title: Retired engines, source: lab-srm, as_of: 2026-01-01, values: [v1, v2]}]
types:
- {id: lab.account.settings, model: control-plane, customer: c, provider: p, duties: [], source: lab-srm}
- {id: lab.cluster.nodes, model: caas, customer: c, provider: p, duties: [runtime.patching], source: lab-srm}
- {id: lab.sql.backup, model: paas, customer: c, provider: p, duties: [data.public-access], source: lab-srm}
- id: lab.vm.machine
  model: iaas
  customer: Patch the guest.
  provider: The host.
  duties: [runtime.patching]
  source: lab-srm
- id: lab.sql.database
  model: paas
  customer: The update mode.
  provider: Patches the engine.
  duties: [runtime.patching, data.public-access]
  source: lab-srm
  boundary:
  - when: {fact: engine, starts: own-}
    layer: guest-runtime
    model: iaas
    owner: customer
    why: the machine is yours
    source: lab-srm
  - when: {fact: engine, starts: custom-}
    layer: guest-runtime
    owner: customer
    why: the image is yours
    customer: The whole image.
    source: lab-srm
  - when: {any: [{fact: updates.mode, is: manual}, {fact: version, listed_in: retired}]}
    layer: guest-runtime
    owner: shared
    why: patches wait for you
    source: lab-srm
""",
    ProviderDocument,
    "lab.yaml",
)
LAB_MODEL = ResponsibilityModel(MODEL.core, (LAB,))


class Updates(msgspec.Struct, frozen=True):
    mode: str


def nothing(name: str) -> object:
    raise AssertionError(f"{name} was read, though no rule needs it")


def reads(facts: Mapping[str, object]) -> Read:
    return lambda name: facts.get(name, Unknown(name, "denied"))


def patching(resource_type: str, **facts: object) -> Responsibility:
    return resolve(LAB_MODEL, resource_type, "runtime.patching", reads(facts))


def managed(engine: str = "plain", mode: str = "auto", version: str = "v9") -> Responsibility:
    return patching("lab.sql.database", engine=engine, updates=Updates(mode), version=version)


def test_the_same_weakness_in_another_service_model_has_another_owner() -> None:
    owners = [patching("lab.vm.machine"), patching("lab.cluster.nodes"), managed()]
    assert [each.layer_owner for each in owners] == ["customer", "shared", "provider"]
    assert [each.service_model for each in owners] == ["iaas", "caas", "paas"]
    assert [each.inheritance for each in owners] == ["system-specific", "hybrid", "hybrid"]
    assert {each.side for each in owners} == {"customer"}


def test_an_attribute_moves_the_line_and_says_so() -> None:
    assert managed().boundary_rule is None
    moved = managed(engine="custom-x")
    assert (moved.layer_owner, moved.customer_part) == ("customer", "The whole image.")
    assert moved.provider_part == "Patches the engine."
    assert moved.boundary_rule == "engine starts with custom-: the image is yours"
    assert managed(mode="manual").layer_owner == managed(version="v1").layer_owner == "shared"
    assert managed(engine="custom-x", mode="manual").layer_owner == "customer", "the first rule that holds decides"


def test_a_rule_may_name_the_service_model_of_what_it_moves() -> None:
    assert (managed(engine="custom-x").service_model, managed(engine="own-x").service_model) == ("paas", "iaas")
    data = resolve(LAB_MODEL, "lab.sql.database", "data.public-access", reads({"engine": "own-x"}))
    assert data.service_model == "paas", "a rule of another layer says nothing"


def test_an_unread_fact_leaves_the_line_where_it_was_and_is_reported() -> None:
    refused = patching("lab.sql.database", updates=Updates("manual"))
    assert (refused.layer_owner, refused.boundary_rule) == ("provider", None)
    assert refused.undecided == ("boundary not decided: engine not read (denied)",)
    later = patching("lab.sql.database", engine="plain", updates=Updates("auto"))
    assert later.undecided == ("boundary not decided: version not read (denied)",)
    enough = patching("lab.sql.database", engine="plain", updates=Updates("manual"))
    assert (enough.layer_owner, enough.undecided) == ("shared", ())


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "engine": st.sampled_from(["plain", "custom-x"]),
            "updates": st.sampled_from([Updates("auto"), Updates("manual"), None]),
            "version": st.sampled_from(["v1", "v9"]),
        },
    ),
    st.sampled_from(["engine", "updates", "version"]),
)
def test_taking_a_fact_away_keeps_the_answer_or_leaves_it_undecided(facts: dict[str, object], lost: str) -> None:
    before = patching("lab.sql.database", **facts)
    after = patching("lab.sql.database", **{name: value for name, value in facts.items() if name != lost})
    assert after.undecided or after == before


def test_rules_move_only_their_layer_and_their_duties() -> None:
    resolve(LAB_MODEL, "lab.sql.database", "data.public-access", nothing)
    resolve(MODEL, "aws.s3.bucket", "data.encryption-in-transit", nothing)
    assert LAB_MODEL.boundary_facts("lab.sql.database", "runtime.patching") == ("engine", "updates", "version")
    assert LAB_MODEL.boundary_facts("lab.sql.database", "data.public-access") == ()
    assert LAB_MODEL.boundary_facts("lab.no.such", "data.public-access") == ()


def test_equal_answers_are_one_object() -> None:
    assert patching("lab.vm.machine") is patching("lab.vm.machine")
    assert managed(mode="manual") is managed(version="v2")
    assert patching("lab.sql.database") is patching("lab.sql.database")
    owned = provider_side(LAB_MODEL, "lab.vm.machine", "runtime.patching")
    assert owned is provider_side(LAB_MODEL, "lab.vm.machine", "runtime.patching")
    assert owned is not patching("lab.vm.machine")


@pytest.mark.parametrize(
    ("resource_type", "service_model", "confidence", "owner"),
    [
        ("lab.sql.database", "paas", "inherited-from-service", "shared"),
        ("lab.sql.replica", "paas", "inherited-from-service", "shared"),
        ("lab.new.thing", "control-plane", "default-rule", "customer"),
        ("other.new.thing", "control-plane", "default-rule", "customer"),
    ],
)
def test_what_nobody_mapped_is_the_customers(
    resource_type: str, service_model: str, confidence: str, owner: str
) -> None:
    answer = resolve(LAB_MODEL, resource_type, "logging.audit-trail", nothing)
    found = (answer.service_model, answer.confidence, answer.layer_owner, answer.side)
    assert found == (service_model, confidence, owner, "customer")
    assert answer.customer_part == LAB_MODEL.duties["logging.audit-trail"].customer


def test_a_service_of_several_models_gives_none() -> None:
    assert MODEL.service_models["aws.iam"] == "control-plane"
    assert "aws.ec2" not in MODEL.service_models


def test_an_object_of_the_provider_is_the_providers() -> None:
    for resource_type in ("aws.iam.policy", "aws.no.such"):
        answer = provider_side(MODEL, resource_type, "identity.least-privilege")
        assert (answer.side, answer.layer_owner, answer.inheritance) == ("provider", "provider", "common")
        assert answer.ccm_ownership == "csp-owned"


def test_a_duty_that_does_not_exist_is_a_defect() -> None:
    for resource_type in ("aws.s3.bucket", "no.such.type"):
        with pytest.raises(KeyError):
            resolve(MODEL, resource_type, "data.no-such-duty", nothing)
        with pytest.raises(KeyError):
            provider_side(MODEL, resource_type, "data.no-such-duty")


class Encryption(msgspec.Struct, frozen=True):
    key: str


@pytest.mark.parametrize(
    ("resource_type", "key", "owner"),
    [
        ("aws.s3.bucket", "provider-owned", "shared"),
        ("aws.s3.bucket", "provider-managed", "shared"),
        ("aws.s3.bucket", "customer-managed", "customer"),
        ("aws.cloudtrail.trail", "provider-owned", "shared"),
        ("aws.cloudtrail.trail", "customer-managed", "customer"),
    ],
)
def test_who_holds_the_key_decides_who_owns_its_settings(resource_type: str, key: str, owner: str) -> None:
    answer = resolve(MODEL, resource_type, "data.encryption-at-rest", reads({"encryption": Encryption(key)}))
    assert (answer.layer_owner, answer.side) == (owner, "customer")
    refused = resolve(MODEL, resource_type, "data.encryption-at-rest", reads({}))
    assert refused.undecided == ("boundary not decided: encryption not read (denied)",)


def test_the_answer_has_the_published_fields() -> None:
    answer = resolve(MODEL, "aws.s3.bucket", "data.public-access", nothing)
    assert (
        msgspec.to_builtins(answer).items()
        >= {
            "duty": "data.public-access",
            "layer": "data",
            "layer_owner": "customer",
            "side": "customer",
            "service_model": "paas",
            "boundary_rule": None,
            "customer_part": MODEL.types["aws.s3.bucket"].customer,
            "provider_part": MODEL.types["aws.s3.bucket"].provider,
            "owner": None,
            "backup": None,
        }.items()
    )

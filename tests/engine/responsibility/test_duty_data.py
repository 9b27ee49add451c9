"""The data themselves: what is cited exists and is well formed, and what must hold of every row holds."""

import re
from collections import Counter
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from scanner.responsibility.attribution import ServiceModel
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.load import load_model
from scanner.responsibility.resolve import provider_side, resolve

ROOT = Path(__file__).parents[3]
MODEL = load_model([ROOT / "providers" / "aws" / "responsibility.yaml"])
SERVICE_MODELS: tuple[ServiceModel, ...] = get_args(ServiceModel)

CONTROL_IDS = {
    "csa-ccm-4.0": r"(A&A|AIS|BCR|CCC|CEK|DCS|DSP|GRC|HRS|IAM|IPY|IVS|LOG|SEF|STA|TVM|UEM)-\d\d",
    "csa-ccm-4.1": r"(A&A|AIS|BCR|CCC|CEK|DCS|DSP|GRC|HRS|IAM|IPY|I&S|LOG|SEF|STA|TVM|UEM)-\d\d",
    "nist-800-53r5": r"(AC|AT|AU|CA|CM|CP|IA|IR|MA|MP|PE|PL|PM|PS|PT|RA|SA|SC|SI|SR)-[1-9]\d?(\([1-9]\d?\))?",
    "iso-27001": r"A\.(5\.([1-9]|[12]\d|3[0-7])|6\.[1-8]|7\.([1-9]|1[0-4])|8\.([1-9]|[12]\d|3[0-4]))",
    "soc2": r"(CC[1-9]\.\d|A1\.[1-3]|C1\.[12])",
    "pci-4.0.1": r"([1-9]|1[0-2])(\.\d{1,2}){2,3}",
    "hipaa": r"164\.3(08|10|12|14|16)\([a-e]\)(\(\d\))?(\([ivx]+\))?(\([A-Z]\))?",
    "mitre-attack-19.1": r"T1\d{3}(\.\d{3})?",
    "cis-controls-8.1": r"([1-9]|1[0-8])\.([1-9]|1\d)",
}


def unread(name: str) -> Unknown:
    return Unknown(name, "denied")


def test_every_cited_control_is_well_formed_and_cited_once_a_duty() -> None:
    assert set(MODEL.frameworks) == set(CONTROL_IDS)
    for duty in MODEL.duties:
        controls = MODEL.controls_of(duty)
        assert controls, duty
        assert max(Counter(controls).values()) == 1
        for control in controls:
            assert re.fullmatch(CONTROL_IDS[control.framework], control.id), (duty, control)


def test_the_crosswalk_leaves_out_only_what_its_source_lacks() -> None:
    (walk,) = MODEL.core.crosswalks
    cited = {control for frameworks in MODEL.core.controls.values() for control in frameworks["csa-ccm-4.0"]}
    assert cited - set(walk.controls) == {"IAM-12"}


def test_a_fixed_layer_has_one_owner_everywhere() -> None:
    for layer in MODEL.layers.values():
        owners = {layer.owner_in(model) for model in SERVICE_MODELS}
        assert layer.band == "variable" or owners == {layer.band.removesuffix("-fixed")}


def test_settings_are_the_customers_and_what_runs_below_is_never_theirs() -> None:
    for duty in MODEL.duties:
        assert MODEL.layer_of(duty).owner_in("control-plane") == "customer"
    provided = {layer.id for layer in MODEL.layers.values() if layer.band == "provider-fixed"}
    assert provided == {"cloud-control-plane", "virtualization", "physical-host", "facility"}


@pytest.mark.parametrize("resource_type", [*MODEL.types, "aws.s3.unmapped", "nobody.knows.this"])
def test_whatever_a_customer_owns_is_attributed_to_the_customer(resource_type: str) -> None:
    for duty in MODEL.duties:
        answer = resolve(MODEL, resource_type, duty, unread)
        assert answer.side == "customer"
        assert (answer.duty, answer.layer) == (duty, MODEL.duties[duty].layer)
        assert answer.customer_part
        assert answer.provider_part
        assert (answer.source is None) == (resource_type not in MODEL.types)
        assert answer.layer_owner == "customer" or answer.service_model != "control-plane"
        assert provider_side(MODEL, resource_type, duty).side == "provider"


def test_each_type_lists_duties_that_can_fall_on_the_customer_there() -> None:
    for kind, duty in product(MODEL.types.values(), MODEL.duties.values()):
        if duty.id in kind.duties and kind.model != "control-plane":
            assert kind.model in duty.models, (kind.id, duty.id)


def test_every_assessable_duty_is_carried_by_some_type() -> None:
    carried = {duty for kind in MODEL.types.values() for duty in kind.duties}
    assessable = {duty.id for duty in MODEL.duties.values() if duty.assess != "attest"}
    assert assessable <= carried


def test_native_names_belong_to_one_type() -> None:
    names = Counter(name for kind in MODEL.types.values() for name in kind.native.items())
    assert max(names.values()) == 1


def test_every_source_is_cited_and_is_the_providers_own() -> None:
    cited = {kind.source for kind in MODEL.types.values()}
    cited |= {rule.source for kind in MODEL.types.values() for rule in kind.boundary}
    assert cited == set(MODEL.sources)
    for source in MODEL.sources.values():
        assert re.match(r"https://((docs\.)?aws\.amazon\.com|github\.com/aws)/", source.url), source


def test_boundary_rules_cite_pages_that_were_read() -> None:
    for kind in MODEL.types.values():
        for rule in kind.boundary:
            assert MODEL.sources[rule.source].read is not None, (kind.id, str(rule.when))


def test_the_core_names_no_provider() -> None:
    names = re.compile(
        r"\b(aws|amazon|azure|microsoft|entra|gcp|google|macie|purview|cloudformation|bicep|defender for)\b", re.I
    )
    folder = ROOT / "scanner" / "responsibility"
    for path in [*folder.iterdir(), ROOT / "scanner" / "document.py"]:
        if path.is_file():
            assert not names.search(path.read_text()), path

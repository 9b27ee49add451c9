"""Data that do not fit together are refused, with the file and the line."""

from pathlib import Path

import msgspec
import pytest

from scanner.document import DataError
from scanner.responsibility.load import load_model
from scanner.responsibility.model import Core, Crosswalk, Owners, ResponsibilityModel
from scanner.responsibility.verify import Inconsistent

LAB = """\
provider: lab
account_type: {title: Lab account, ocsf_type_id: 99, resource_type: lab.sql.database}
sources:
- {id: lab-srm, title: Lab, url: https://lab.example/shared}
lists:
- {id: retired, title: Retired engines, source: lab-srm, as_of: 2026-01-01, values: [v1]}
types:
- id: lab.sql.database
  model: paas
  customer: c
  provider: p
  duties: [runtime.patching, data.public-access]
  source: lab-srm
  boundary:
  - when: {fact: version, listed_in: retired}
    layer: guest-runtime
    owner: shared
    why: w
    source: lab-srm
"""


@pytest.fixture(scope="module")
def core() -> Core:
    return load_model().core


@pytest.mark.parametrize(
    ("written", "instead", "line", "words"),
    [
        ("resource_type: lab.sql.database", "resource_type: lab.sql.other", 2, "no type 'lab.sql.other'"),
        ("source: lab-srm, as_of", "source: lab, as_of", 6, "no source 'lab'"),
        ("listed_in: retired", "listed_in: ancient", 15, "no list 'ancient'"),
        ("id: lab.sql.database\n", "id: sql.database\n", 2, "no type"),
        ("model: paas", "model: saas", 12, "cannot fall on the customer in saas"),
        ("model: paas", "model: baas", 9, "baas"),
        ("data.public-access]", "data.public-acces]", 12, "no duty 'data.public-acces'"),
        ("data.public-access]", "runtime.patching]", 12, "2 times"),
        ("  source: lab-srm\n  boundary", "  source: lab-s\n  boundary", 13, "no source 'lab-s'"),
        ("layer: guest-runtime", "layer: guest", 16, "no layer 'guest'"),
        ("layer: guest-runtime", "layer: data", 16, "no attribute moves it"),
        ("layer: guest-runtime", "layer: workload", 16, "would move nothing"),
        ("    owner: shared", "    duties: [data.public-access]\n    owner: shared", 17, "in guest-runtime"),
        ("owner: shared", "owner: us", 17, "us"),
        ("    source: lab-srm\n", "    source: nowhere\n", 19, "no source 'nowhere'"),
        ("fact: version", "fact: the version", 15, "`fact` is a name"),
        ("why: w", "why: w\n    when_not: x", 19, "when_not"),
    ],
)
def test_a_fault_in_a_providers_document_is_named_with_its_line(
    tmp_path: Path, written: str, instead: str, line: int, words: str
) -> None:
    path = tmp_path / "responsibility.yaml"
    assert written in LAB
    path.write_text(LAB.replace(written, instead, 1))
    with pytest.raises(DataError) as caught:
        load_model([path])
    assert (caught.value.path, caught.value.line) == (str(path), line), str(caught.value)
    assert words in caught.value.message


def test_the_document_itself_fits(tmp_path: Path) -> None:
    path = tmp_path / "responsibility.yaml"
    path.write_text(LAB)
    model = load_model([path])
    assert list(model.boundary_paths()) == [("lab.sql.database", "version")]
    assert model.account_types["lab", ""].title == "Lab account"
    with pytest.raises(DataError, match="earlier document"):
        load_model([path, path])
    twin = tmp_path / "twin.yaml"
    twin.write_text(LAB.replace("lab.sql", "hut.sql").replace("provider: lab", "provider: hut"))
    with pytest.raises(DataError, match=r"twin\.yaml:3: 'lab-srm' stands there 2 times"):
        load_model([path, twin])
    path.write_text(LAB.replace("lab.sql.database", "other.sql.database"))
    with pytest.raises(DataError, match=r"not written lab\.service\.type"):
        load_model([path])


def refusal(core: Core) -> str:
    with pytest.raises(Inconsistent) as caught:
        ResponsibilityModel(core)
    return f"{caught.value.document}{caught.value.place}: {caught.value.problem}"


def test_a_fixed_layer_cannot_move(core: Core) -> None:
    number = next(number for number, layer in enumerate(core.layers) if layer.band == "customer-fixed")
    moved = msgspec.structs.replace(core.layers[number].owner, saas="provider")
    assert "its owner changes" in refusal(_with_owner(core, number, moved))


def test_a_kind_stands_exactly_where_the_owner_is_shared(core: Core) -> None:
    layers = [layer.id for layer in core.layers]
    lost = _with_owner(core, layers.index("network-config"), core.layers[layers.index("workload")].owner)
    assert "needs a kind in paas" in refusal(lost)
    gained = _with_owner(core, layers.index("workload"), core.layers[layers.index("network-config")].owner)
    assert "needs a kind in paas" in refusal(gained)


def test_references_between_the_core_files_resolve(core: Core) -> None:
    duty = core.duties[0]
    stray = msgspec.structs.replace(duty, layer="nowhere")
    assert "no layer 'nowhere'" in refusal(_with_duty(core, stray))
    below = msgspec.structs.replace(duty, layer="facility")
    assert "no layer in which settings" in refusal(_with_duty(core, below))
    twice = msgspec.structs.replace(core, duties=(duty, *core.duties))
    assert refusal(twice).startswith(f"duties.duties: {duty.id!r} stands there 2 times")
    unmapped = msgspec.structs.replace(core, controls={})
    assert "no entry in the controls" in refusal(unmapped)
    strange = {**core.controls, duty.id: {"no-such-framework": ("1",)}}
    assert "no framework to cite" in refusal(msgspec.structs.replace(core, controls=strange))
    derived = {**core.controls, duty.id: {"csa-ccm-4.1": ("DCS-07",)}}
    assert "no framework to cite 'csa-ccm-4.1'" in refusal(msgspec.structs.replace(core, controls=derived))
    orphan = {**core.controls, "data.none": {}}
    assert "no duty 'data.none'" in refusal(msgspec.structs.replace(core, controls=orphan))
    uncited = Crosswalk("csa-ccm-4.0", "csa-ccm-4.1", "", {"ZZZ-01": "ZZZ-02"})
    assert "no cited control" in refusal(msgspec.structs.replace(core, crosswalks=(uncited,)))


def _with_owner(core: Core, number: int, owner: Owners) -> Core:
    layer = msgspec.structs.replace(core.layers[number], owner=owner)
    return msgspec.structs.replace(core, layers=(*core.layers[:number], layer, *core.layers[number + 1 :]))


def _with_duty(core: Core, duty: object) -> Core:
    return msgspec.structs.replace(core, duties=(duty, *core.duties[1:]))

"""`ourside route`: something happened, and the answer names who acts, who is called and what to look at."""

from __future__ import annotations

import msgspec

from scanner.jsonline import json_line
from tests.cli.conftest import Shell
from tests.cli.test_tabletop import made
from tests.engine.report.sample import sample


def test_a_stolen_key_is_ours(bare: Shell) -> None:
    ended = bare("ourside", "route", "stolen", "key", "--provider", "aws", "--format", "json")
    assert ended.code == 0, ended.stderr
    answer = msgspec.json.decode(ended.stdout)
    assert answer["route"]["acts"][0] == "customer"
    assert answer["route"]["duty"] == "identity.credential-hygiene"
    assert list(answer["contacts"]) == ["aws"]
    assert len(answer["look"]) == 3
    assert answer["look"][0]["command"].startswith("scan --provider aws --check user-key-old")


OWNERS = """
rules:
- {match: {duty: identity.*}, owner: identity-team, backup: security, channel: "#identity"}
- {match: {scope: shop}, owner: shop-team, backup: platform}
"""


def test_the_owners_file_names_who_is_called(bare: Shell) -> None:
    (bare.folder / "owners.yaml").write_text(OWNERS)
    known = bare("ourside", "route", "stolen key", "--owners", "owners.yaml")
    assert known.code == 0, known.stderr
    assert "identity-team, backup security, reached at #identity" in known.stdout
    assert "owners.yaml:3" in known.stdout
    open_ = bare("ourside", "route", "open bucket", "--owners", "owners.yaml", "--format", "json")
    (first, *_) = msgspec.json.decode(open_.stdout)["answering"]
    assert first["owner"] is None
    assert "owners.yaml:4" in first["undecided"][0]


def test_a_flood_is_the_providers(bare: Shell) -> None:
    ended = bare("ourside", "route", "network flood")
    assert ended.code == 0, ended.stderr
    assert "1. the provider" in ended.stdout
    assert "physical-host is the provider's" in ended.stdout
    assert max(map(len, ended.stdout.split("\n"))) <= 100


def test_a_resource_changes_the_answer(bare: Shell) -> None:
    machine = made("aws", "111", "i-1", "machine-boot-unverified", "runtime.hardening", "aws.ec2.instance")
    function = made(
        "aws", "111", "fn", "service-identity-has-keys", "identity.workload-identity", "aws.lambda.function"
    )
    path = bare.folder / "findings.json"
    path.write_text("".join(f"{json_line(each)}\n" for each in [machine, function, {"run": sample().run}]))

    def acts(*words: str) -> object:
        ended = bare("ourside", "route", "unpatched runtime", "--source", path.name, "--format", "json", *words)
        assert ended.code == 0, ended.stderr
        return msgspec.json.decode(ended.stdout)["route"]["acts"]

    assert acts("--resource", "i-1") == ["customer"]
    assert acts("--finding", function.id) == ["provider", "customer"]
    assert bare("ourside", "route", "ddos", "--source", path.name, "--resource", "nothing").code == 2
    assert bare("ourside", "route", "ddos", "--source", path.name, "--resource", "i-1", "--provider", "gcp").code == 2


def test_what_is_no_event(bare: Shell) -> None:
    ended = bare("ourside", "route", "flood")
    assert ended.code == 2
    assert "'network-flood' or 'application-flood'" in ended.stderr
    assert "network-flood" in bare("ourside", "route").stdout

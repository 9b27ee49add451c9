"""`ourside tabletop`: an exercise from what is open, the same for the same seed."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.check import SEVERITIES, Reason, Severity
from scanner.cli import doors
from scanner.cli.applying import kinds_by_type, kinds_of
from scanner.cli.planning import model_of
from scanner.cli.tabletop.answers import answer_of
from scanner.cli.tabletop.draw import Scenario, draw, playable
from scanner.cli.tabletop.page import page
from scanner.finding import Finding, Status, Subject, finding_id
from scanner.jsonline import json_line
from scanner.responsibility.events import load_events
from scanner.responsibility.exercises import Link, load_exercises
from scanner.responsibility.resolve import resolve
from scanner.scope import Scope
from tests.cli.conftest import Shell
from tests.engine.report.sample import HOSTILE, sample

MODEL = model_of(["aws", "gcp"])
EVENTS = load_events(MODEL)
EXERCISES = load_exercises(MODEL, EVENTS)
KINDS = kinds_by_type()
DATABASE = "aws.rds.instance"
LINKS = [(exercise.id, link) for exercise in EXERCISES for link in exercise.links]


def made(
    provider: str,
    account: str,
    uid: str,
    check: str,
    duty: str,
    type_id: str = "aws.s3.bucket",
    status: Status = "fail",
    severity: Severity = "high",
) -> Finding:
    return Finding(
        id=finding_id(Scope(provider, provider, account, account), check, uid),
        check=check,
        status=status,
        severity=severity,
        resource=Subject(uid, "thing", type_id, uid, provider, account, "global"),
        reasons=(Reason(f"{check} of {uid}"),),
        responsibility=resolve(MODEL, type_id, duty, lambda name: None),
        scan="scan-1",
    )


some = st.lists(
    st.builds(
        made,
        st.sampled_from(["aws", "gcp"]),
        st.sampled_from(["111", "222"]),
        st.sampled_from(["a", "b", HOSTILE]),
        st.sampled_from(["user-key-old", "storage-public-read", "detection-plan-off"]),
        st.sampled_from(sorted(MODEL.duties)),
        st.sampled_from(["aws.s3.bucket", "aws.iam.user", "aws.rds.instance", "aws.cloudtrail.trail"]),
        status=st.sampled_from(["fail", "excepted", "pass", "unknown"]),
        severity=st.sampled_from(SEVERITIES),
    ),
    max_size=12,
    unique_by=lambda finding: finding.id,
)


def pages(drawn: list[Scenario], seed: int) -> str:
    return "".join(page([(each, answer_of(each, EVENTS, MODEL)) for each in drawn], {}, MODEL.duties, seed))


@given(some, st.integers(0, 5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_what_is_drawn_chains_and_hangs_on_the_seed_alone(
    findings: list[Finding], seed: int, wanted: int, dice: random.Random
) -> None:
    drawn = draw(EXERCISES, playable(findings), KINDS, seed, wanted)
    assert len(drawn) <= wanted
    assert len({each.exercise.id for each in drawn}) == len(drawn)
    for scenario in drawn:
        assert 1 <= len(scenario.chain) <= 3
        assert len({finding.id for _, finding in scenario.chain}) == len(scenario.chain)
        assert len({(each.resource.provider, each.resource.account) for _, each in scenario.chain}) == 1
        for link, finding in scenario.chain:
            assert finding.status in ("fail", "excepted")
            assert finding.responsibility.duty in link.duties
            assert not link.kinds or KINDS[finding.resource.type] in link.kinds
            assert not link.checks or any(fnmatchcase(finding.check, pattern) for pattern in link.checks)
    shuffled = dice.sample(findings, len(findings))
    assert pages(draw(EXERCISES, playable(shuffled), KINDS, seed, wanted), seed) == pages(drawn, seed)
    assert all(character.isprintable() for character in pages(drawn, seed).replace("\n", ""))


@pytest.mark.parametrize(("exercise", "link"), LINKS)
def test_a_link_names_kinds_and_checks_that_exist_and_some_check_can_fill_it(exercise: str, link: Link) -> None:
    judged = [(check.duty, kind.kind, check.id) for check in doors.checks().values() for kind in kinds_of(check)]
    for kind in link.kinds:
        assert any(kind == other and duty in link.duties for duty, other, _ in judged), f"{exercise}: {kind}"
    for pattern in link.checks:
        assert any(fnmatchcase(check, pattern) and duty in link.duties for duty, _, check in judged), pattern
    assert any(link.fits(*each) for each in judged), exercise


def test_an_administrators_sign_in_is_not_told_over_databases_or_storage() -> None:
    findings = [
        made("aws", "111", "shop", "database-directory-login-missing", "identity.strong-authentication", DATABASE),
        made("aws", "111", "ann", "user-password-without-mfa", "identity.strong-authentication", "aws.iam.user"),
        made("aws", "111", "acc", "change-unalerted-database", "logging.detection-alerting", "aws.iam.account"),
        made("aws", "111", "acc", "change-unalerted-permissions", "logging.detection-alerting", "aws.iam.account"),
    ]
    story = [each for each in EXERCISES if each.event == "suspicious-sign-in"]
    for seed in range(20):
        (drawn,) = draw(story, playable(findings), KINDS, seed, 1)
        assert [finding.check for _, finding in drawn.chain] == [
            "user-password-without-mfa",
            "change-unalerted-permissions",
        ]
    assert not draw(story, playable(findings[:1]), KINDS, 1, 1)


def test_the_story_names_what_is_real_and_the_leader_knows_who_acts() -> None:
    findings = [
        made("aws", "111", "exports", "storage-public-read", "data.public-access"),
        made("aws", "111", "exports", "storage-access-unlogged", "logging.resource-telemetry"),
        made("aws", "111", "other", "storage-access-unlogged", "logging.resource-telemetry"),
        made("aws", "222", "far", "storage-unencrypted", "data.encryption-at-rest"),
    ]
    (first, *_) = draw([each for each in EXERCISES if each.event == "open-store"], playable(findings), KINDS, 1, 1)
    assert [finding.resource.uid for _, finding in first.chain] == ["exports", "exports"], (
        "the same resource chains best"
    )
    told = pages([first], 1)
    story, _, leader = told.partition("# For the leader only")
    assert "`exports`" in story
    assert "storage-public-read of exports" in story
    assert "RESOURCE" not in told
    assert "ACCOUNT" not in told
    assert "**Who acts:** we" in leader
    assert "nobody is named" in leader
    assert "AWS Support Center" in leader


def test_an_outage_is_led_by_the_provider() -> None:
    findings = [made("aws", "111", "exports", "storage-unversioned", "data.recoverability")]
    drawn = draw([each for each in EXERCISES if each.event == "datacentre-outage"], playable(findings), KINDS, 1, 1)
    assert "**Who acts:** the provider, then we" in pages(drawn, 1)


def test_the_command(bare: Shell) -> None:
    path = bare.folder / "findings.json"
    findings = [made("aws", "111", "exports", "storage-public-read", "data.public-access")]
    path.write_text("".join(f"{json_line(each)}\n" for each in [*findings, {"run": sample().run}]))
    ended = bare("ourside", "tabletop", path.name, "--scenarios", "9")
    assert ended.code == 0, ended.stderr
    assert "# Tabletop exercise" in ended.stdout
    assert "could be drawn" in ended.stderr
    path.write_text(f"{json_line({'run': sample().run})}\n")
    assert "Too few findings" in bare("ourside", "tabletop", path.name).stdout

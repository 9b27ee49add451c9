"""A scan that was cut short, by its token, its time limit or a signal, goes on where it ended."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from providers.azure.emulator import Emulator, Rule
from tests.cli.conftest import Ended, Shell
from tests.cli.cut_short import OPTIONS, Outcome, begin_anew, differences, go_on, outcome_of, workshop
from tests.cli.isles import WORDS, Sea, sea, write

LATER = sea(8, later=True)
ISLES = len(LATER.isles)
CUT = msgspec.structs.replace(LATER, expired=("isle-0", "isle-2", "isle-5", "isle-7"))
KEPT = ISLES - len(CUT.expired)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Outcome]:
    """A shell, and what a scan comes to that nothing disturbs."""
    shell = workshop(tmp_path_factory.mktemp("desk"), LATER)
    ended = shell(*OPTIONS)
    assert ended.code == 0, ended.stderr
    return shell, outcome_of(shell, ended)


@pytest.fixture
def shell(desk: tuple[Shell, Outcome]) -> Shell:
    """The shell with the history of the day before, and nothing to go on with."""
    shell, _ = desk
    for path in scans(shell):
        path.unlink()
    begin_anew(shell)
    write(shell.folder, LATER)
    return shell


def scans(shell: Shell) -> list[Path]:
    """Files of scans that were cut short."""
    return [path for path in (shell.folder / ".local/state/ourside/scans").rglob("*") if path.is_file()]


def cut_short(shell: Shell, made: Sea = CUT, *words: str) -> Ended:
    """A scan whose sign-in is good for some accounts only."""
    write(shell.folder, made)
    ended = shell(*OPTIONS, *words)
    assert ended.code == 3, ended.stderr
    write(shell.folder, LATER)
    return ended


def test_it_goes_on_after_signing_in_again(desk: tuple[Shell, Outcome], shell: Shell) -> None:
    cut = cut_short(shell)
    assert cut.summary["scopes"] == f"{KEPT}/{ISLES}"
    assert "Run: isles login" in cut.last
    assert f"--resume goes on after {KEPT} scopes" in cut.last
    assert {path.stat().st_mode & 0o777 for path in scans(shell)} == {0o600}
    ended = go_on(shell)
    assert ended.summary["scan"] == cut.summary["scan"]
    assert ended.summary["resumed"] == str(KEPT)
    assert int(ended.summary["calls"]) == 7, "a question about half of them, barrels of four, gates of two"
    different = differences(desk[1], outcome_of(shell, ended))
    # What could not be read was told, too, before it could.
    assert not [line for line in different.pop("posted") if line.startswith("-")]
    assert not different
    assert not scans(shell), "nothing is left of a scan that is complete"


def test_its_times_are_those_of_the_reading(shell: Shell) -> None:
    cut = cut_short(shell)
    before = {str(line["id"]): str(line["last_seen"]) for line in cut.findings if line["status"] == "pass"}
    ended = go_on(shell)
    scopes = cast("list[dict[str, Any]]", ended.run["scopes"])
    whole = {scope["uid"] for scope in cast("list[dict[str, Any]]", cut.run["scopes"]) if scope["complete"]}
    old = {str(scope["taken_at"]) for scope in scopes if scope["uid"] in whole}
    new = {str(scope["taken_at"]) for scope in scopes if scope["uid"] not in whole}
    assert len(old) == len(new) == 1
    assert max(old) < min(new)
    assert ended.run["taken_at"] in new
    seen = {str(line["id"]): str(line["last_seen"]) for line in ended.findings}
    assert {seen[each] for each in before} <= old | new
    assert all(seen[each] == time or seen[each] in new for each, time in before.items())


def test_without_being_asked_to_it_begins_anew(shell: Shell) -> None:
    cut = cut_short(shell)
    ended = shell(*OPTIONS)
    assert ended.code == 0
    assert ended.summary["scan"] != cut.summary["scan"]
    assert "resumed" not in ended.summary
    assert not scans(shell)


def test_with_nothing_to_go_on_with_it_is_a_scan_like_any_other(shell: Shell) -> None:
    ended = go_on(shell)
    assert ended.code == 0
    assert ended.said == shell(*OPTIONS).said


def test_without_a_history(shell: Shell) -> None:
    cut = cut_short(shell, CUT, "--history", "off", "--sink", "off")
    ended = go_on(shell, "--history", "off", "--sink", "off")
    assert ended.code == 0, ended.stderr
    assert ended.summary["scan"] == cut.summary["scan"]
    assert {line["id"] for line in ended.findings} == {line["id"] for line in shell(*OPTIONS).findings}


def test_what_is_refused_is_not_asked_again_and_keeps_nothing(shell: Shell) -> None:
    write(shell.folder, sea(8, refused=("isle-6",)))
    ended = shell(*OPTIONS)
    assert ended.code == 3
    assert "resume" not in ended.stderr
    assert not scans(shell)
    write(shell.folder, sea(8, refused=("isle-6",), expired=("isle-7",)))
    cut = shell(*OPTIONS)
    write(shell.folder, LATER)
    ended = go_on(shell)
    assert (unread(cut, "expired"), unread(cut, "denied")) == ({"isle-7"}, {"isle-6"})
    assert (unread(ended, "expired"), unread(ended, "denied")) == (set(), {"isle-6"})


def unread(ended: Ended, why: str) -> set[str]:
    """Accounts of which something was not read for a reason."""
    return {gap["account"] for gap in cast("list[dict[str, Any]]", ended.run["gaps"]) if gap["why"] == why}


def test_what_is_too_old_is_said_and_read_anew(shell: Shell) -> None:
    cut = cut_short(shell)
    ended = go_on(shell, "--resume-within", "0")
    assert ended.code == 0, ended.stderr
    assert "not resumed: it is older than 0 hours. A new scan begins" in ended.stderr
    assert ended.summary["scan"] != cut.summary["scan"]


def test_a_damaged_account_is_read_again(desk: tuple[Shell, Outcome], shell: Shell) -> None:
    cut_short(shell)
    damaged, *others = [path for path in scans(shell) if path.suffix == ".scope"]
    damaged.write_bytes(damaged.read_bytes()[:-20])
    ended = go_on(shell)
    assert "read again" in ended.stderr
    assert ended.summary["resumed"] == str(len(others))
    assert not {"findings", "known", "run"} & differences(desk[1], outcome_of(shell, ended)).keys()


def test_an_account_that_is_not_a_target_any_more_is_not_told_of(shell: Shell) -> None:
    cut_short(shell)
    write(shell.folder, Sea(dict(list(LATER.isles.items())[2:])))
    ended = go_on(shell)
    assert ended.summary["scopes"] == f"{ISLES - 2}/{ISLES - 2}"


def test_a_checkpoint_that_cannot_be_written_costs_a_warning(shell: Shell) -> None:
    for place in ("/proc/nowhere", str(shell.folder / "config.yaml")):
        ended = shell(*OPTIONS, more={"XDG_STATE_HOME": place})
        assert ended.code == 0
        assert "warning: no lock is taken and no checkpoint is kept" in ended.stderr
        assert "XDG_STATE_HOME" in ended.stderr


def test_one_that_gets_no_further_is_given_up(shell: Shell) -> None:
    cut_short(shell)
    write(shell.folder, CUT)
    again = go_on(shell)
    assert again.code == 3
    assert "--resume" not in again.last, "it would only tell of what grows older"
    assert not scans(shell)


@pytest.mark.parametrize(
    ("signum", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "term")]
)
def test_signals_end_it_in_order(
    desk: tuple[Shell, Outcome], shell: Shell, signum: signal.Signals, code: int, word: str
) -> None:
    write(shell.folder, sea(8, later=True, silent=("isle-3",)))
    (shell.folder / "old.json").write_text("the old one\n")
    process = shell.start(*OPTIONS, "--output", "old.json")
    while sum(path.suffix == ".scope" for path in scans(shell)) < ISLES - 1:
        assert process.poll() is None
    process.send_signal(signum)
    stdout, stderr = process.communicate(timeout=30)
    ended = Ended(process.returncode, stdout, stderr)
    assert ended.code == code
    assert ended.last.startswith(word)
    assert f"--resume goes on after {ISLES - 1} scopes" in ended.last
    assert ended.summary == {"exit": str(code), "reason": "terminated" if code == 143 else "interrupted"}
    assert (shell.folder / "old.json").read_text() == "the old one\n"
    write(shell.folder, LATER)
    assert not differences(desk[1], outcome_of(shell, go_on(shell)))


def test_the_time_limit_ends_what_hangs(desk: tuple[Shell, Outcome], shell: Shell) -> None:
    """A call may take ten minutes here: if one held the scan, so would it."""
    write(shell.folder, sea(8, later=True, silent=("isle-3",)))
    ended = shell(*OPTIONS, "--time-limit", "2.5", "--call-timeout", "600")
    assert ended.code == 3
    (detail,) = {gap["detail"] for gap in cast("list[dict[str, Any]]", ended.run["gaps"])}
    assert detail == "the time limit of the scan was reached; --resume goes on"
    assert unread(ended, "unreachable") == {"isle-3"}
    assert ended.summary["scopes"] == f"{ISLES - 1}/{ISLES}"
    assert f"--resume goes on after {ISLES - 1} scopes" in ended.last
    write(shell.folder, LATER)
    different = differences(desk[1], outcome_of(shell, go_on(shell)))
    assert different.keys() <= {"posted"}
    assert not [line for line in different.get("posted", ()) if line.startswith("-")]


def test_the_time_limit_ends_a_sign_in_that_hangs(shell: Shell) -> None:
    write(shell.folder, sea(1, shut=True))
    ended = shell(*WORDS, "--time-limit", "1.5", "--call-timeout", "600")
    assert ended.code == 4
    assert "the time limit of 1.5 seconds was reached while signing in: nothing was scanned" in ended.last
    assert ended.summary == {"exit": "4", "reason": "no-target"}


def test_over_http_after_a_token_that_has_expired(tmp_path: Path) -> None:
    words = ("scan", "--provider", "azure", "--check", "storage-*", "--format", "json", "--history", "off")
    with Emulator() as cloud:
        cloud.allow_all()
        sandbox = next(each.id for each in cloud.estate.subscriptions if each.name == "Acme Sandbox")
        shell = Shell(tmp_path, cloud.environment())
        whole = shell(*words)
        cloud.disturb(Rule(why="expired", resource=sandbox))
        cut = shell(*words)
        cloud.allow_all()
        cloud.forget()
        ended = shell(*words, "--resume")
        others = {each.id for each in cloud.estate.subscriptions} - {sandbox}
        # Whether the inventory may be trusted is asked of all, as it was before.
        asked = {request.kind for request in cloud.requests if any(other in request.path for other in others)}
    assert cut.code == 3
    assert ended.code == whole.code == 0, ended.stderr
    assert int(ended.summary["resumed"]) > 0
    assert ended.summary["scan"] == cut.summary["scan"]
    assert told(ended) == told(whole)
    assert asked == {"permissions"}, "nothing is asked of subscriptions that were read before"


def told(ended: Ended) -> dict[object, tuple[object, ...]]:
    return {
        line["id"]: tuple(line[key] for key in ("status", "reasons", "evidence", "unread")) for line in ended.findings
    }

"""One command that is safe to start twice."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scanner.cli.scan.lock import Held, locked
from tests.cli.conftest import Ended, Shell
from tests.cli.isles import ENTRY_POINTS, WORDS, sea, write
from tests.cli.paper import install

HANGS = sea(3, silent=("isle-1",))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path, install(tmp_path / "site", ENTRY_POINTS))
    write(tmp_path, sea(3))
    return shell


@contextmanager
def under_way(shell: Shell, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A scan that does not come to an end, and everything as if it were the first of its kind afterwards."""
    write(shell.folder, HANGS)
    process = shell.start(*WORDS, *words)
    while not list(shell.folder.rglob("*.scope")):
        assert process.poll() is None
    write(shell.folder, sea(3))
    yield process
    process.kill()
    process.communicate()


def test_a_second_start_scans_nothing_and_says_who_does(shell: Shell) -> None:
    with under_way(shell) as first:
        ended = shell(*WORDS, "--output", "out.json")
        assert ended.code == 75
        assert ended.stdout == ""
        assert f"the same scan is under way (process {first.pid} on " in ended.last
        assert "nothing was scanned" in ended.last
        assert ended.summary == {"exit": "75", "reason": "locked"}
        assert not (shell.folder / "out.json").exists()
        assert shell(*WORDS, "--resume").code == 75, "what is under way is not cut short"
        assert first.poll() is None, "the first is not disturbed"


def test_a_lock_ends_with_its_process(shell: Shell) -> None:
    with under_way(shell) as first:
        first.kill()
        first.wait()
        assert shell(*WORDS).code == 0


def test_a_third_waits_for_it(shell: Shell) -> None:
    with under_way(shell) as first:
        second = shell.start(*WORDS, "--wait", "60", "--time-limit", "40")
        assert second.stderr is not None
        assert f"under way (process {first.pid} on" in second.stderr.readline()
        threading.Timer(0.5, first.kill).start()
        stdout, stderr = second.communicate(timeout=60)
        assert Ended(second.returncode, stdout, stderr).code == 0, stderr


def test_who_has_waited_in_vain_says_so(shell: Shell) -> None:
    with under_way(shell):
        ended = shell(*WORDS, "--wait", "0.3")
        assert ended.code == 75
        assert "after 0.3 seconds: nothing was scanned" in ended.last


@pytest.mark.parametrize(
    "words",
    [
        ("--check", "storage-*"),
        ("--severity", "high"),
        ("--region", "north"),
        ("--account", "isle-1"),
        ("--history", "other.db"),
        ("--history", "off"),
        ("--owners", "owners.yaml"),
    ],
    ids=lambda words: words[0].lstrip("-"),
)
def test_other_scans_are_not_held_up(busy: Shell, words: tuple[str, ...]) -> None:
    (busy.folder / "owners.yaml").write_text("rules: [{match: {duty: '*'}, owner: all}]\n")
    assert busy(*WORDS, *words).code == 0


@pytest.mark.parametrize(
    "words", [("--format", "ocsf"), ("--status", "fail"), ("--fail-on", "low"), ("--time-limit", "9")]
)
def test_the_same_scan_that_tells_it_otherwise_is_held_up(busy: Shell, words: tuple[str, ...]) -> None:
    assert busy("scan", "--provider", "cumulus", "--sea", "sea.json", *words).code == 75


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell in which a scan is under way."""
    folder = tmp_path_factory.mktemp("busy")
    shell = Shell(folder, install(folder / "site", ENTRY_POINTS))
    with under_way(shell):
        yield shell


def test_another_account_is_another_scan(busy: Shell) -> None:
    """The same words mean another account where other credentials are in the environment."""
    assert busy(*WORDS, more={"ISLES_ACCOUNT": "sky-2"}).code == 0


# --- the lock itself ----------------------------------------------------------------------------------------------


def test_it_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lock"
    with locked(path):
        with pytest.raises(Held) as caught, locked(path):
            pass
        assert caught.value.holder is not None
        assert caught.value.holder.pid == os.getpid()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    with locked(path), pytest.raises(Held), locked(path, 0.1):
        pass


def test_who_waits_for_a_folder_that_is_removed_gets_a_new_one(tmp_path: Path) -> None:
    """The last holder removes the file: whoever had it open already must not believe to hold what others cannot see."""
    path = tmp_path / "place" / "lock"
    inside: list[int] = []
    most: list[int] = []
    guard = threading.Lock()

    def work() -> None:
        for _ in range(40):
            with locked(path, 30):
                with guard:
                    inside.append(1)
                    most.append(len(inside))
                with guard:
                    inside.pop()
                path.unlink()
                with suppress(OSError):  # the next one has it already
                    path.parent.rmdir()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 160
    assert max(most) == 1


@pytest.mark.parametrize("deep", ["lock", "deep/lock"])
@pytest.mark.parametrize("target", ["nowhere", "file"])
def test_where_no_folder_can_be_made_it_says_so(tmp_path: Path, target: str, deep: str) -> None:
    """And does not try for ever, although it tries again where a folder has just been removed."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / target)
    with pytest.raises((FileExistsError, NotADirectoryError)), locked(tmp_path / "link" / deep):
        pass


def test_an_unreadable_holder_is_nobody_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path):
        path.write_bytes(b"")
        with pytest.raises(Held) as caught, locked(path):
            pass
        assert caught.value.holder is None


def test_a_signal_while_waiting_ends_it(shell: Shell) -> None:
    with under_way(shell):
        second = shell.start(*WORDS, "--wait", "60")
        assert second.stderr is not None
        second.stderr.readline()
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 143
        second.communicate()

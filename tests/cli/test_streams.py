"""Only what could not be written is said to be so; other failures of the system say what they are."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from scanner.cli import streams
from tests.cli.conftest import Ended, Shell
from tests.cli.paper import install
from tests.cli.storm import ENTRY_POINTS

SCAN = ("scan", "--provider", "cumulus", "--history", "off", "--format", "json")


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("storm")
    return Shell(folder, install(folder / "site", ENTRY_POINTS))


@pytest.mark.parametrize(("fails", "said"), [("connect:EACCES", "Permission denied"), ("target:EPIPE", "Broken pipe")])
def test_a_system_that_fails_before_the_first_scope_is_no_failing_output(storm: Shell, fails: str, said: str) -> None:
    ended = storm(*SCAN, "--fails", fails)
    assert ended.code == 4
    assert ended.said == [f"error: Cumulus cannot be reached from here: [Errno {_number(fails)}] {said}"]


@pytest.mark.parametrize("fails", ["batches:ENOSPC", "batches:EPIPE", "batches:EOF"])
def test_a_system_that_fails_later_is_a_defect_with_its_cause(storm: Shell, fails: str) -> None:
    ended = storm(*SCAN, "--fails", fails)
    assert ended.code == 70
    assert "output" not in ended.last
    assert "report it" in ended.last
    assert "in batches" in ended.stderr


def test_a_system_that_fails_in_an_answer_leaves_a_gap_with_its_cause(storm: Shell) -> None:
    ended = storm(*SCAN, "--fails", "ask:EPIPE")
    (gap,) = [gap for gap in _gaps(ended) if gap["call"] == "gates:List"]
    assert (ended.code, gap["why"]) == (3, "failed")
    assert "Broken pipe" in str(gap["detail"])
    assert ended.run["complete"] is False


def test_a_session_that_cannot_be_closed_costs_no_report(storm: Shell) -> None:
    ended = storm(*SCAN, "--fails", "close:EPIPE")
    assert ended.code == 0, ended.stderr
    assert ended.run["complete"] is True
    ended = storm("ourside", "whoami", "--provider", "cumulus", "--fails", "close:EPIPE")
    assert (ended.code, ended.stderr) == (0, "")


def test_a_quiet_scan_says_why_it_ends_with_another_code_than_0(storm: Shell) -> None:
    """All that somebody learns who has it from cron, which tells what was printed and no codes."""
    *_, failed, incomplete = storm(*SCAN, "--quiet", "--fails", "ask:EPIPE", "--fail-on", "low").stderr.splitlines()
    assert failed == "failed: a finding meets --fail-on"
    assert incomplete.startswith("incomplete: ")
    assert storm(*SCAN, "--quiet").stderr == ""


def _gaps(ended: Ended) -> list[dict[str, object]]:
    gaps = ended.run["gaps"]
    assert isinstance(gaps, list)
    return gaps


def _number(fails: str) -> int:
    import errno

    return int(getattr(errno, fails.partition(":")[2]))


def test_what_fails_is_known_though_nobody_reads_it(storm: Shell) -> None:
    """The exit code of a pipeline with `pipefail` is that of what was found, not of who has read enough of it."""
    words = (*SCAN, "--fail-on", "low", "--output", "json=-,csv=all.csv", "--format", "json,csv")
    process = storm.start(*words)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr is not None
    assert "failed: a finding meets --fail-on" in process.stderr.read()
    assert (storm.folder / "all.csv").exists(), "other outputs are written"


@pytest.mark.parametrize(("fails", "code"), [((), 5), (("--fails", "ask:EACCES"), 3)])
def test_a_full_disk_leaves_other_outputs_alone_and_the_worst_code(
    storm: Shell, fails: tuple[str, ...], code: int
) -> None:
    with Path("/dev/full").open("w") as full:
        words = ("--output", "json=-,csv=rest.csv", "--format", "json,csv", *fails)
        process = storm.start(*SCAN, *words, stdout=full)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == code
    assert "error: the output could not be written: No space left on device" in stderr
    assert (storm.folder / "rest.csv").exists()


def test_no_scan_is_summed_up_where_only_its_version_could_not_be_written(storm: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        _, stderr = storm.start("scan", "--version", stdout=full).communicate(timeout=60)
    assert stderr.splitlines() == ["error: the output could not be written: No space left on device"]


def test_a_full_disk_hides_no_finding_that_another_output_lost(storm: Shell) -> None:
    ended = storm(*SCAN, "--format", "lossy", "--output", "json=/dev/full,lossy=lossy.txt")
    assert ended.code == 70
    assert "error: not written: one of them" in ended.said
    assert any("/dev/full: the output was not written" in line for line in ended.said)


def test_no_room_for_temporary_files_of_one_output_leaves_the_others_alone(storm: Shell) -> None:
    ended = storm(*SCAN, "--format", "roomless", "--output", "roomless=roomless.txt,json=whole.json")
    assert ended.code == 5
    (line,) = [line for line in ended.said if "error: " in line]
    assert (
        "--format roomless was not written: what does not fit in memory" in line and "No space left on device" in line
    )
    assert (storm.folder / "whole.json").exists() and not (storm.folder / "roomless.txt").exists()


def test_a_reader_that_lets_no_writer_wait_is_waited_for_all_the_same() -> None:
    """A terminal that others have switched to that: to try again at once would keep a processor busy."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while os.write(write, b"x" * 4096):
            pass
    said = threading.Thread(target=partial(streams.Err(write, "wb").write, b"said"))
    said.start()
    said.join(0.05)
    assert said.is_alive()
    os.read(read, 1 << 20)
    said.join(10)
    assert os.read(read, 10) == b"said"
    os.close(read)


def test_what_cannot_be_said_ends_nothing(storm: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        process = storm.start(*SCAN, stderr=full.fileno())
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert '{"run":' in stdout.splitlines()[-1]


def test_streams_that_are_closed_are_not_mixed_up_with_files(storm: Shell) -> None:
    """A runner may close them: whatever is opened next would get their numbers."""
    command = str(Path(sys.executable).with_name("scan"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(storm.folder), "OURSIDE_CONFIG": "off", **storm.environment}
    words = [*SCAN[1:3], "--history", "closed.db", "--output", "csv=closed.csv", "--format"]
    ended = {
        closed: subprocess.run(
            ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", command, *words, forms],
            cwd=storm.folder, env=environment, capture_output=True, text=True, check=False,
        )
        for closed, forms in (("<&- >&- 2>&-", "csv"), (">&-", "csv,json"), ("2>&-", "csv,json"))
    }  # fmt: skip
    assert [each.returncode for each in ended.values()] == [0, 5, 0]
    assert "the output could not be written: Bad file descriptor" in ended[">&-"].stderr
    assert "ourside:" not in ended["2>&-"].stdout, "what belongs to stderr does not turn up in the report"
    assert '{"run":' in ended["2>&-"].stdout
    assert (storm.folder / "closed.db").read_bytes()[:6] == b"SQLite"


def test_the_locale_costs_no_report(storm: Shell) -> None:
    ended = storm("ourside", "explain", "data.public-access", more={"LANG": "C", "PYTHONIOENCODING": "ascii"})
    assert ended.code == 0
    assert ended.stdout

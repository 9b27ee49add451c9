"""What a scan tells sinks arrives: in the scan, or later by `ourside deliver`, which says what is left and why."""

from __future__ import annotations

import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner.history import open_history
from tests.cli.conftest import Ended, Shell
from tests.cli.mood_sink import ENTRY_POINTS
from tests.cli.paper import install
from tests.engine.history.mail import event, post
from tests.engine.report.ocsf_lint import problems

CONFIG = """
history: history.db
sinks:
  siem:
    type: mood
    mood: mood
    store: store
    token: {env: TOKEN}
  disk:
    type: file
    directory: FOLDER/disk
"""
SECRET = "SECRET-of-the-sink"


@dataclass(frozen=True)
class Office:
    """A folder with a configuration, a history and a sink whose mood can be set."""

    shell: Shell

    def __call__(self, *words: str) -> Ended:
        return self.shell(*words, "--config", "config.yaml", more={"TOKEN": SECRET})

    def start(self, *words: str) -> subprocess.Popen[str]:
        return self.shell.start(*words, "--config", "config.yaml", more={"TOKEN": SECRET})

    def deliver(self, *words: str) -> Ended:
        return self("ourside", "deliver", *words)

    def scan(self, *words: str) -> Ended:
        return self("scan", "--provider", "cumulus", "--format", "json", "--output", "found.json", "--summary", *words)

    def feels(self, mood: str) -> None:
        (self.shell.folder / "mood").write_text(mood)

    def post(self, count: int, sink: str = "siem", first: int = 0) -> None:
        with open_history(str(self.shell.folder / "history.db")) as history:
            post(history, [event(f"e{number}", sink=sink) for number in range(first, first + count)])

    def stored(self, path: str = "store") -> list[dict[str, Any]]:
        found = self.shell.folder / path
        return [msgspec.json.decode(line) for line in found.read_bytes().splitlines()] if found.exists() else []

    def status(self, *words: str) -> list[dict[str, Any]]:
        ended = self.deliver("--status", "--format", "json", *words)
        return [msgspec.json.decode(line) for line in ended.stdout.splitlines()]

    def hangs(self) -> bool:
        return (self.shell.folder / "store.hangs").exists()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(Shell(tmp_path, install(tmp_path / "site", ENTRY_POINTS)))
    (tmp_path / "config.yaml").write_text(CONFIG.replace("FOLDER", str(tmp_path)))
    office.feels("take")
    return office


def test_a_scan_tells_its_sinks_at_once(office: Office) -> None:
    ended = office.scan()
    assert ended.code == 0, ended.stderr
    told = office.stored()
    assert told == office.stored("disk/ourside.ndjson")
    assert {each["class_uid"] for each in told} == {2003, 6007}
    counts = ended.summary
    assert (counts["delivered"], counts["waiting"], counts["refused"]) == (str(2 * len(told)), "0", "0")
    assert "not delivered" not in ended.stderr


def test_a_slip_in_a_form_of_events_is_a_defect_and_costs_one_event_each(office: Office) -> None:
    config = office.shell.folder / "config.yaml"
    config.write_text(config.read_text().replace("type: mood\n", "type: mood\n    format: gruff\n"))
    ended = office.scan()
    assert ended.code == 70
    assert "KeyError: 'oh'" in ended.stderr
    assert "KeyError: 'ah'" in ended.stderr
    whole, told = office.stored("disk/ourside.ndjson"), office.stored()
    findings = {each["finding_info"]["uid"] for each in whole if each["class_uid"] == 2003}
    assert {each["finding_info"]["uid"] for each in told} == findings, "something stands in the place of each"
    assert {each["status_code"] for each in told} >= {"UNKNOWN", "PASS"}


def test_a_sink_that_hangs_does_not_hold_the_scan_up(office: Office) -> None:
    office.feels("hang")
    ended = office.scan("--delivery-time", "1")
    assert office.hangs(), "the sink never answers, and the scan has ended"
    assert ended.code == 5
    (line,) = [line for line in ended.stderr.splitlines() if "not delivered" in line]
    assert line.startswith("error: not delivered: sink siem: ")
    assert "events wait: time was up: it did not answer in time. Next: ourside deliver --sink siem --config" in line
    told = office.stored("disk/ourside.ndjson")
    assert ended.summary["waiting"] == ended.summary["delivered"] == str(len(told)) != "0", "the other sink has all"
    office.feels("take")
    next_step = shlex.split(line.partition("Next: ")[2])
    ended = office.shell(*next_step, more={"TOKEN": SECRET})
    assert ended.code == 0, ended.stderr
    assert office.stored() == told, "who was killed in the sink is known to be gone"


def test_a_scan_can_leave_it_to_deliver(office: Office) -> None:
    ended = office.scan("--delivery-time", "0")
    assert ended.code == 0
    assert ended.summary["delivered"] == "0"
    assert int(ended.summary["waiting"]) > 0
    assert office.stored() == office.stored("disk/ourside.ndjson") == []
    ended = office.deliver()
    assert ended.code == 0, ended.stderr
    assert office.stored() == office.stored("disk/ourside.ndjson") != []
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"sink {name}: {len(office.stored())} delivered, nothing waits" for name in ("siem", "disk")
    ]
    assert office.deliver().stderr.splitlines()[0] == "sink siem: 0 delivered, nothing waits"


def test_what_a_sink_refuses_is_kept_until_somebody_says_what_becomes_of_it(office: Office) -> None:
    office.feels("refuse")
    ended = office.scan()
    assert ended.code == 5
    assert "were refused and are kept: no such field \\x1b[31m. When that is mended: ourside deliver" in ended.stderr
    assert "\x1b" not in ended.stderr
    office.feels("take")
    assert office.deliver().code == 5, "what was refused is not tried again unless that is asked for"
    assert office.stored() == []
    assert office.deliver("--retry-refused").code == 0
    assert office.stored() == office.stored("disk/ourside.ndjson")


def test_the_status_says_what_waits_and_why(office: Office) -> None:
    office.post(3)
    office.post(2, "gone")
    office.feels("refuse")
    assert office.deliver("--sink", "siem").code == 5
    office.post(1, first=10)
    ended = office.deliver("--status")
    assert ended.code == 5
    assert "1 waiting, 3 refused" in ended.stdout
    assert "3 refused: no such field \\x1b[31m (such as e0)" in ended.stdout
    assert "the configuration has no such sink" in ended.stdout
    siem, disk, gone = office.status()
    assert (siem["waiting"], siem["refused"], siem["reasons"][0]["count"]) == (1, 3, 3)
    assert (disk["sink"], disk["waiting"], disk["oldest"], disk["reasons"]) == ("disk", 0, None, [])
    assert (gone["sink"], gone["type"], gone["waiting"]) == ("gone", None, 2)
    assert office.status("--sink", "gone") == [gone]


def test_events_for_sinks_that_are_no_more_are_named(office: Office) -> None:
    office.post(2, "gone")
    ended = office.deliver()
    assert ended.code == 5
    assert (
        "not delivered: sink gone: 2 events wait, and the configuration has no such sink. Name it there, "
        "or give up what is left: ourside deliver --drop-all gone --yes"
    ) in ended.stderr
    assert office.deliver("--sink", "siem").code == 0
    ended = office.deliver("--drop-all", "gone")
    assert (ended.code, "2 of gone. If so: --yes" in ended.stderr) == (2, True)
    ended = office.deliver("--drop-all", "gone", "--yes")
    assert (ended.code, ended.stderr) == (0, "given up: 2 of gone\n")
    assert office.deliver().code == 0


def test_only_what_was_refused_can_be_given_up(office: Office) -> None:
    office.post(2)
    office.feels("refuse")
    office.deliver()
    office.post(3, first=5)
    assert office.deliver("--drop-refused").code == 2
    assert office.deliver("--drop-refused", "--yes").code == 0
    (siem,) = office.status("--sink", "siem")
    assert (siem["waiting"], siem["refused"]) == (3, 0)


def test_a_drain_in_json(office: Office) -> None:
    office.post(3)
    office.feels("shut")
    ended = office.deliver("--format", "json")
    siem, disk = [msgspec.json.decode(line) for line in ended.stdout.splitlines()]
    assert siem == {
        "sink": "siem", "delivered": 0, "waiting": 3, "refused": 0, "end": "broken", "why": "the door is shut: open it",
    }  # fmt: skip
    assert (disk["sink"], disk["waiting"]) == ("disk", 0)
    assert "not delivered: sink siem: 3 events wait: the door is shut: open it. Next: ourside deliver" in ended.stderr


def test_it_waits_for_what_is_put_off_where_it_has_the_time(office: Office) -> None:
    office.post(1)
    office.feels("busy")
    ended = office.deliver("--sink", "siem", "--time-limit", "0.1")
    assert ended.code == 5
    assert "1 event waits: busy. Next:" in ended.stderr
    office.feels("take")
    assert office.deliver("--sink", "siem", "--time-limit", "30").code == 0
    assert len(office.stored()) == 1


def test_two_at_once(office: Office) -> None:
    office.post(3)
    office.feels("hang")
    first = office.start("ourside", "deliver")
    waited(office.hangs)
    ended = office.deliver()
    assert ended.code == 5
    assert f"not delivered: sink siem: 3 events wait: process {first.pid} on " in ended.stderr
    assert "sends to it now" in ended.stderr
    assert office.status()[0]["sender"].startswith(f"process {first.pid} on ")
    first.kill()
    first.communicate()
    assert office.status()[0]["sender"] is None
    office.feels("take")
    assert office.deliver().code == 0
    assert len(office.stored()) == 3


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_being_told_to_end_ends_it_though_a_sink_hangs(office: Office, number: signal.Signals, code: int) -> None:
    office.post(3)
    office.feels("hang")
    first = office.start("ourside", "deliver")
    waited(office.hangs)
    first.send_signal(number)
    first.communicate(timeout=60)
    assert first.returncode == code
    office.feels("take")
    assert office.deliver().code == 0
    assert len(office.stored()) == 3


def waited(until: Any) -> None:
    for _ in range(1_000):
        if until():
            return
        time.sleep(0.02)
    pytest.fail("it did not come to pass")


def test_a_sink_can_be_tried(office: Office) -> None:
    ended = office.deliver("--test", "siem")
    assert ended.code == 0, ended.stderr
    (told,) = office.stored()
    assert problems(told) == []
    assert "TEST of delivery: nothing was scanned" in told["message"]
    lines = ended.stdout.splitlines()
    assert lines[0] == "sink siem: type mood, form ocsf, by config.yaml:4"
    assert "  token: secret of the variable TOKEN" in lines
    octets = len(msgspec.json.encode(told))
    assert lines[-3:] == ["opened", f"sends one event: uid {told['metadata']['uid']}, {octets} octets", "accepted"]
    assert SECRET not in ended.stdout + ended.stderr
    assert office.deliver("--test", "siem").code == 0
    assert len({each["metadata"]["uid"] for each in office.stored()}) == 2, "each try is another event"


@pytest.mark.parametrize(
    ("mood", "last"),
    [
        ("shut", "not opened: the door is shut: open it"),
        ("refuse", "refused: no such field \\x1b[31m"),
        ("busy", "not taken: busy"),
        ("raise", "not taken: a defect of the sink: KeyError: 'oh'"),
    ],
)
def test_a_sink_that_is_tried_and_does_not_take_it_says_why(office: Office, mood: str, last: str) -> None:
    office.feels(mood)
    ended = office.deliver("--test", "siem")
    assert (ended.code, ended.stdout.splitlines()[-1]) == (5, last)
    assert not (office.shell.folder / "history.db").exists(), "what is tried does not wait, and needs no history"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--status", "--drop-refused"), "choose one of --status, --drop-refused"),
        (("--sink", "sime"), "did you mean 'siem'?"),
        (("--test", "sime"), "did you mean 'siem'?"),
        (("--status", "--sink", "sime"), "there is no sink 'sime', and nothing waits for it: siem, disk"),
        (("--drop-all", "sime", "--yes"), "there is no sink 'sime', and nothing waits for it: siem, disk"),
        (("--history", "none/nowhere.db"), "none/nowhere.db: there is no history yet. Mend the name"),
        (("--history", "histroy.db"), "histroy.db: there is no history yet. Mend the name, or run a scan with it"),
        (("--history", "histroy.db", "--status"), "histroy.db: there is no history yet. Mend the name"),
        (("--history", "sqlite:///histroy.db", "--status"), "histroy.db: there is no history yet. Mend the name"),
        (("--history", "off"), "--history off: there is nothing to read"),
    ],
)
def test_slips_are_told(office: Office, words: tuple[str, ...], said: str) -> None:
    office.post(1)
    ended = office.deliver(*words)
    assert ended.code == 2
    assert said in ended.stderr
    assert not (office.shell.folder / "histroy.db").exists()


def test_without_sinks_there_is_nothing_to_do(office: Office) -> None:
    office.post(0)
    ended = office.shell("ourside", "deliver", "--history", "history.db")
    assert (ended.code, "there is no sink: name some in a configuration file" in ended.stderr) == (2, True)
    ended = office.shell("ourside", "deliver", "--history", "history.db", "--status")
    assert (ended.code, ended.stdout) == (0, "No sink is configured, and nothing waits for any.\n")


@pytest.mark.parametrize("words", [(), ("--status",), ("--retry-refused",), ("--drop-all", "siem"), ("--sink", "disk")])
def test_before_the_first_scan_nothing_waits(office: Office, words: tuple[str, ...]) -> None:
    ended = office.deliver(*words)
    assert (ended.code, ended.stdout) == (0, "")
    assert ended.stderr == "history.db: nothing was recorded yet, so that nothing waits\n"
    assert not (office.shell.folder / "history.db").exists()
    assert office.deliver("--quiet", *words).stderr == ""


def test_before_the_first_scan_slips_are_told_all_the_same(office: Office) -> None:
    assert "did you mean 'siem'?" in office.deliver("--sink", "sime").stderr
    ended = office.shell("ourside", "deliver")
    assert (ended.code, "there is no sink: name some" in ended.stderr) == (2, True)
    place = office.shell.folder / ".local" / "state" / "ourside"
    config = office.shell.folder / "config.yaml"
    config.write_text(config.read_text().replace("history: history.db\n", ""))
    ended = office.deliver()
    assert (ended.code, ended.stderr.startswith(f"{place}/history.db: nothing was recorded yet")) == (0, True)
    place.mkdir(parents=True)
    (place / "demo.db").touch()
    assert f"nothing waits. The demo's history is --history {place}/demo.db" in office.deliver().stderr

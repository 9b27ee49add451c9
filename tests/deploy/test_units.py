"""Units of systemd and the crontab: verified by systemd's own program where it is, and by rules."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.cli.exits import Exit
from tests.deploy.files import FOLDER, jobs, read, unit

UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".service", ".timer"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
INSTALLED = "/opt/ourside/bin/"
MOST_EXPOSED = 20
"""Tenths, as `systemd-analyze security` counts; the sum of what a service could do beyond its work."""


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """The units in a folder, their programs where ours are: systemd refuses one that does not exist."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    ours = f"{Path(sys.executable).parent}/"
    for name in UNITS:
        (tmp_path / name).write_text(read(name).replace(INSTALLED, ours))
    return [str(tmp_path / name) for name in UNITS]


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)
    if "unrecognized option" in done.stderr or "Failed to initialize" in done.stderr:
        pytest.skip(f"this systemd-analyze cannot do it here: {done.stderr.strip()}")
    return done


def test_systemd_takes_the_units(units: list[str]) -> None:
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_little_beyond_its_work(units: list[str], name: str) -> None:
    (path,) = (each for each in units if each.endswith(name))
    done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", path)
    assert done.returncode == 0, done.stdout[-400:]


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".timer")])
def test_systemd_takes_the_times(units: list[str], name: str) -> None:
    assert analyze("calendar", *unit(name)["OnCalendar"]).returncode == 0


def test_each_timer_starts_its_service() -> None:
    assert {name.removesuffix(".timer") for name in UNITS if name.endswith(".timer")} == {
        name.removesuffix(".service") for name in SERVICES
    }
    scan = unit("ourside-scan.timer")
    assert scan["Persistent"] == ["yes"] and scan["RandomizedDelaySec"] and scan["WantedBy"] == ["timers.target"]


def test_exit_codes_are_told_to_systemd() -> None:
    codes = {"1": Exit.FAILED_ON, "75": Exit.LOCKED, "143": Exit.TERMINATED}
    assert all(int(number) == code for number, code in codes.items())
    assert unit("ourside-scan.service")["SuccessExitStatus"] == ["1 75 143"]
    assert unit("ourside-deliver.service")["SuccessExitStatus"] == ["143"], "it never ends with the others"


def test_both_services_share_one_state_and_its_user() -> None:
    one, other = map(unit, SERVICES)
    for key in ("User", "DynamicUser", "StateDirectory", "StateDirectoryMode", "Environment", "LoadCredential"):
        assert one[key] == other[key]
    assert one["DynamicUser"] == ["yes"] and one["Type"] == ["oneshot"]
    assert not any("PASSWORD" in each or "TOKEN" in each for each in one["Environment"])


def test_a_scan_ends_before_it_is_killed() -> None:
    (line,) = unit("ourside-scan.service")["ExecStart"]
    (limit,) = re.findall(r"--time-limit (\d+)", line)
    (minutes,) = re.findall(r"(\d+)min", unit("ourside-scan.service")["TimeoutStartSec"][0])
    assert int(limit) + 240 <= int(minutes) * 60


FIELD = re.compile(r"(\*|\d+)(/\d+)?|\d+(,\d+)*")
HIGHEST = (59, 23, 31, 12, 7)


def test_the_crontab_is_one_of_the_system() -> None:
    assert len(jobs()) == 2
    for schedule, user, command in jobs():
        for field, most in zip(schedule.split(" "), HIGHEST, strict=True):
            assert FIELD.fullmatch(field) and all(int(number) <= most for number in re.findall(r"\d+", field))
        assert user == "ourside"
        # To cron, a percent sign ends the command.
        assert "%" not in command and "--quiet" in command and "flock" not in command
    settings = dict(re.findall(r"^([A-Z_]+)=(.*)$", read("crontab"), re.MULTILINE))
    assert settings["PATH"].startswith("/opt/ourside/bin:") and settings["MAILTO"] and settings["SHELL"] == "/bin/sh"
    assert settings["XDG_STATE_HOME"] == "/var/lib"

"""Output to a file: whole or not at all."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.deliver.file import DeliveryError, deliver

BIG = "x" * 8192


def leftovers(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.suffix == ".part"]


@given(st.lists(st.text(), max_size=8))
def test_what_is_read_back_is_what_was_written(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    target = tmp_path_factory.getbasetemp() / "any.txt"
    deliver(pieces, target)
    with target.open(encoding="utf-8", newline="") as file:
        assert file.read() == "".join(pieces)


def test_a_lone_surrogate_does_not_stop_the_output(tmp_path: Path) -> None:
    deliver(["a\ud800b\n", "c"], tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"a\\ud800b\nc"


@pytest.mark.parametrize("mode", [None, 0o644, 0o600])
def test_only_its_owner_can_read_it(tmp_path: Path, mode: int | None) -> None:
    target = tmp_path / "out.json"
    if mode is not None:
        target.write_text("old")
        target.chmod(mode)
    deliver(["new"], target)
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert leftovers(tmp_path) == []


def stopping(error: BaseException) -> Iterator[str]:
    yield BIG
    yield BIG
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("a slip"), OSError("reading the findings")])
@pytest.mark.parametrize("old", ["a good report", None])
def test_a_writer_that_stops_half_way_leaves_what_was_there(
    tmp_path: Path, error: BaseException, old: str | None
) -> None:
    target = tmp_path / "out.json"
    if old is not None:
        target.write_text(old)
    with pytest.raises(type(error)) as raised:
        deliver(stopping(error), target)
    assert raised.value is error, "what the writer raised is not a failed delivery"
    assert (target.read_text() if target.exists() else None) == old
    assert leftovers(tmp_path) == []


def test_a_killed_process_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("a good report")
    code = f"""
import os, signal
from pathlib import Path
from scanner.deliver.file import deliver
def pieces():
    yield "half" * 100_000
    os.kill(os.getpid(), signal.SIGKILL)
deliver(pieces(), Path({str(target)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "a good report"


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    real, link = tmp_path / "reports" / "today.json", tmp_path / "latest.json"
    link.symlink_to(real)
    for text in ("first", "second"):
        deliver([text], link)
        assert link.is_symlink()
        assert real.read_text() == text
    assert leftovers(tmp_path) == leftovers(real.parent) == []


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    deliver(["a", "b"], pipe)
    reader.join()
    assert read == ["ab"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_never_replaced() -> None:
    deliver(["x"], Path("/dev/null"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_is_an_error_with_a_next_step() -> None:
    with pytest.raises(DeliveryError, match=r"/dev/full: .*[Nn]o space left.*; free some space"):
        deliver(["x"], Path("/dev/full"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk takes the rights to do so")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("pieces", [[BIG] * 100, ["x" * 70_000], [BIG] * 8])
def test_a_full_disk_leaves_what_was_there(small_disk: Path, pieces: list[str]) -> None:
    target = small_disk / "out.json"
    target.write_text("a good report")
    with pytest.raises(DeliveryError, match="free some space"):
        deliver(iter(pieces), target)
    assert target.read_text() == "a good report"
    assert leftovers(small_disk) == []


def test_what_cannot_be_a_target_is_named_with_its_next_step(tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    (tmp_path / "file").touch()
    for path, words in {
        tmp_path / "no" / "such" / "out": f"mkdir -p {tmp_path}/no/such",
        tmp_path: "give the path of a file",
        tmp_path / ("n" * 300): "give a shorter name",
        tmp_path / "file" / "out": "give another path",
        circle: "give the path of a file",
        tmp_path / "a\0b": "give another path",
    }.items():
        with pytest.raises(DeliveryError) as raised:
            deliver(["x"], path)
        assert str(raised.value).startswith(f"{path}: ")
        assert words in str(raised.value)
    assert not (tmp_path / "no").exists(), "directories are not made"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_rights_is_an_error(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(DeliveryError, match="a directory that you may write to"):
        deliver(["x"], closed / "out")

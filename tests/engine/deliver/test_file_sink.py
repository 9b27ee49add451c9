"""The sink `file`: whole batches, mended after a crash, put away without harm to those who follow."""

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.file import SMALLEST, TYPE, FileOptions, FileSink
from tests.effort import effort

YESTERDAY = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)


def event(number: int, size: int = 20) -> Delivery:
    body = json.dumps({"uid": f"e1:{number}", "padding": "x" * size}).encode()
    return Delivery(f"e1:{number}", f"f1:{number % 7}", body)


def sink(directory: Path, **options: Any) -> FileSink:
    made = FileSink(FileOptions(directory=str(directory), **options))
    made.open()
    return made


def age(path: Path, time: datetime = YESTERDAY) -> None:
    os.utime(path, (time.timestamp(), time.timestamp()))


def uids(path: Path) -> list[str]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert not data or data.endswith(b"\n")
    return [json.loads(line)["uid"] for line in data.splitlines()]


def files(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))


def test_batches_are_appended_as_lines_for_the_owner_only(tmp_path: Path) -> None:
    directory = tmp_path / "events"
    target = sink(directory)
    assert target.send([event(1), event(2)]) == [SENT, SENT]
    sink(directory).send([event(3)])
    path = directory / "ourside.ndjson"
    assert path.read_bytes().splitlines() == [event(number).body for number in (1, 2, 3)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


@settings(max_examples=effort(60))
@given(
    before=st.integers(0, 4),
    torn=st.one_of(st.just(b""), st.binary(min_size=1, max_size=200).filter(lambda data: b"\n" not in data)),
    long=st.sampled_from([0, 65_535, 65_536, 200_000]),
)
def test_a_torn_line_is_cut_off_before_the_next_batch(
    tmp_path_factory: pytest.TempPathFactory, before: int, torn: bytes, long: int
) -> None:
    directory = tmp_path_factory.mktemp("torn")
    whole = b"".join(event(number).body + b"\n" for number in range(before))
    path = directory / "ourside.ndjson"
    path.write_bytes(whole + torn + b"y" * long)
    target = FileSink(FileOptions(directory=str(directory)))
    target.send([event(9)])
    assert path.read_bytes() == whole + event(9).body + b"\n"


def test_a_killed_sender_loses_nothing_that_counted_as_sent(tmp_path: Path) -> None:
    code = f"""
import sys
from tests.engine.deliver.test_file_sink import event, sink
from pathlib import Path
target = sink(Path({str(tmp_path)!r}), rotate_octets=400_000)
for number in range(0, 10_000, 10):
    target.send([event(n, 3_000) for n in range(number, number + 10)])
    print(number + 9, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout
        for line in sender.stdout:
            if int(line) > 300:
                break
        sender.send_signal(signal.SIGKILL)
        told = [int(line), *map(int, sender.stdout)][-1]
    sink(tmp_path).send([event(77_777)])
    found = [uid for name in files(tmp_path) for uid in uids(tmp_path / name)]
    assert {f"e1:{number}" for number in range(told + 1)} <= set(found)
    assert len(found) == len(set(found))


def test_another_day_begins_another_file_named_by_its_last_line(tmp_path: Path) -> None:
    target = sink(tmp_path)
    target.send([event(1)])
    age(tmp_path / "ourside.ndjson")
    target.send([event(2)])
    target.send([event(3)])
    assert files(tmp_path) == ["ourside-20261122T040000Z.ndjson", "ourside.ndjson"]
    assert uids(tmp_path / "ourside-20261122T040000Z.ndjson") == ["e1:1"]
    assert uids(tmp_path / "ourside.ndjson") == ["e1:2", "e1:3"]


def test_without_rotation_by_day_an_old_file_is_appended_to(tmp_path: Path) -> None:
    target = sink(tmp_path, rotate="never")
    target.send([event(1)])
    age(tmp_path / "ourside.ndjson")
    target.send([event(2)])
    assert files(tmp_path) == ["ourside.ndjson"]


def test_files_do_not_outgrow_their_size_and_names_do_not_clash(tmp_path: Path) -> None:
    target = sink(tmp_path, rotate_octets=SMALLEST)
    for number in range(6):
        target.send([event(number, 40_000)])
        age(tmp_path / "ourside.ndjson", datetime.now(UTC).replace(hour=0, minute=0, second=0))
    assert len(files(tmp_path)) == 6
    assert all((tmp_path / name).stat().st_size <= SMALLEST for name in files(tmp_path))
    stem = f"ourside-{datetime.now(UTC):%Y%m%d}T000000Z"
    assert [uids(tmp_path / f"{stem}{suffix}.ndjson") for suffix in ("", "-2", "-5")] == [["e1:0"], ["e1:1"], ["e1:4"]]


def test_a_batch_larger_than_a_file_is_still_whole(tmp_path: Path) -> None:
    target = sink(tmp_path, rotate_octets=SMALLEST)
    target.send([event(1)])
    target.send([event(number, 10_000) for number in range(2, 22)])
    assert len(uids(tmp_path / "ourside.ndjson")) == 20


def test_who_follows_by_inode_reads_all(tmp_path: Path) -> None:
    target = sink(tmp_path, rotate_octets=SMALLEST, gzip=True)
    target.send([event(0, 40_000)])
    for number in range(1, 4):
        with (tmp_path / "ourside.ndjson").open("rb") as follower:
            target.send([event(number, 40_000)])
            assert [json.loads(line)["uid"] for line in follower.read().splitlines()] == [f"e1:{number - 1}"]


def test_full_files_are_compressed_but_the_newest_and_only_so_many_kept(tmp_path: Path) -> None:
    target = sink(tmp_path, gzip=True, keep=3)
    (tmp_path / "ourside-other.ndjson").write_text("of somebody else\n")
    for day in range(1, 8):
        target.send([event(day)])
        age(tmp_path / "ourside.ndjson", datetime(2026, 11, day, tzinfo=UTC))
    assert files(tmp_path) == [
        "ourside-20261104T000000Z.ndjson.gz",
        "ourside-20261105T000000Z.ndjson.gz",
        "ourside-20261106T000000Z.ndjson",
        "ourside-other.ndjson",
        "ourside.ndjson",
    ]
    assert uids(tmp_path / "ourside-20261105T000000Z.ndjson.gz") == ["e1:5"]
    assert stat.S_IMODE((tmp_path / "ourside-20261105T000000Z.ndjson.gz").stat().st_mode) == 0o600


def test_several_processes_append_whole_batches(tmp_path: Path) -> None:
    def send(first: int) -> None:
        target = FileSink(FileOptions(directory=str(tmp_path), rotate_octets=SMALLEST))
        for number in range(first, first + 20):
            target.send([event(number, 2_000), event(number + 100, 2_000)])

    threads = [threading.Thread(target=send, args=(first,)) for first in (0, 1_000, 2_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [uid for name in files(tmp_path) for uid in uids(tmp_path / name)]
    assert len(found) == len(set(found)) == 120
    numbers = [int(uid[3:]) for uid in found]
    assert all(second == first + 100 for first, second in zip(numbers[::2], numbers[1::2], strict=True))


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("precious")
    (tmp_path / "ourside.ndjson").symlink_to(tmp_path / "target")
    with pytest.raises(SinkError, match="is a link, and none is followed") as raised:
        sink(tmp_path)
    assert raised.value.lasting
    assert (tmp_path / "target").read_text() == "precious"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ourside.ndjson")
    with pytest.raises(SinkError, match="is no regular file"):
        sink(tmp_path)


def test_what_stands_in_the_way_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=f"Run: mkdir -p {tmp_path}/no") as raised:
        sink(tmp_path / "no" / "such")
    assert raised.value.lasting
    (tmp_path / "file").touch()
    with pytest.raises(SinkError, match="give another `directory`"):
        sink(tmp_path / "file")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk takes the rights to do so")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_takes_nothing_of_a_batch_and_can_be_freed(small_disk: Path) -> None:
    target = sink(small_disk)
    target.send([event(1)])
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 40_000)
    with pytest.raises(SinkError, match="free some space") as raised:
        target.send([event(2, 5_000), event(3, 30_000)])
    assert not raised.value.lasting
    assert uids(small_disk / "ourside.ndjson") == ["e1:1"]
    filler.unlink()
    target.send([event(2, 5_000), event(3, 30_000)])
    assert uids(small_disk / "ourside.ndjson") == ["e1:1", "e1:2", "e1:3"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"directory": ""}, "`directory` takes a whole path"),
        ({"directory": "d"}, "`directory` takes a whole path"),
        ({"directory": "/d\0"}, "`directory` takes a whole path"),
        ({"directory": "/d", "prefix": "../x"}, "`prefix` has to be"),
        ({"directory": "/d", "prefix": "ünter"}, "`prefix` has to be"),
        ({"directory": "/d", "rotate-octets": 10}, "at least 65536"),
        ({"directory": "/d", "keep": 0}, "at least 1"),
        ({"directory": "/d", "path": "x"}, "unknown field"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(options, FileOptions)


def test_batches_within_the_limits_are_taken_in_one_piece(tmp_path: Path) -> None:
    size = TYPE.limits.largest - 60
    batch: Sequence[Delivery] = [event(number, size) for number in range(TYPE.limits.octets // TYPE.limits.largest)]
    assert sink(tmp_path).send(batch) == [SENT] * len(batch)

"""The cost of delivery: 300,000 events posted and sent to a file and to a webhook, and memory beside a slow sink.

Limits: 60 seconds for posting, as many events a second to a file as a scan finds (5,000), 200 MB for the process.
`--history URL` measures another database, which should be an empty one.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec

from scanner.deliver.courier import Courier
from scanner.deliver.route import Route
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkType
from scanner.deliver.sinks.file import TYPE as FILE
from scanner.deliver.sinks.file import FileOptions
from scanner.deliver.sinks.webhook import TYPE as WEBHOOK
from scanner.deliver.sinks.webhook import WebhookOptions
from scanner.history import Begin, Outgoing, Read, open_history
from scanner.record import ScopeRecord

EVENTS, SLOW_EVENTS = 300_000, 100_000
SECONDS, RATE, MEGABYTES = 60.0, 5_000, 200.0
SCOPE = ScopeRecord("lab::1", (), True, "lab", "1")
TEXTS = [random.Random(number).randbytes(1_200).hex() for number in range(64)]  # noqa: S311
"""Half of which is left when they are compressed, as of real events, which are as long."""


class Slow:
    """Takes its time, and forgets what it took."""

    def open(self) -> None:
        """Nothing is opened."""

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Take a batch."""
        time.sleep(0.02)
        return [SENT] * len(batch)

    def close(self) -> None:
        """Nothing is closed."""


class NoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """None."""


class Counting(BaseHTTPRequestHandler):
    """Takes whatever comes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take it."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def events(sink: str, count: int) -> Iterator[Outgoing]:
    """Events of a scan: each about another finding."""
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        yield Outgoing(sink, f"e1:{number:032x}", f"f1:{number:032x}", f'{{"number":{number},"text":"{text}"}}')


def posted(url: str, day: int, sink: str, count: int) -> float:
    """Seconds of posting as a scan does it."""
    begun = time.perf_counter()
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day)
    with open_history(url) as history, history.scope(Begin(f"scan-{day}", at, SCOPE, ())) as recording:
        recording.post(events(sink, count))
        recording.finish(Read(True))
    return time.perf_counter() - begun


def sent(url: str, route: Route) -> float:
    """Seconds of sending all that waits."""
    begun = time.perf_counter()
    carried = Courier(route, lambda: open_history(url)).carry()
    seconds = time.perf_counter() - begun
    rate = carried.delivered / seconds
    print(f"{carried.delivered:,} events to {route.name:8} in {seconds:6.1f} s: {rate:8,.0f} a second {carried.why}")
    return seconds


def peak() -> float:
    """The most that the process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(url: str, folder: Path) -> int:
    """Print the costs; 1 where a limit is missed."""
    before = peak()
    posted(url, 0, "slow", SLOW_EVENTS)
    slow = SinkType("slow", "Takes its time.", NoOptions, lambda _: Slow(), Limits(500, 1_000_000, 100_000))
    sent(url, Route(name="slow", type=slow, options=NoOptions(), format="json"))
    print(f"beside a slow sink the process never held more than {peak():.0f} MB, of {before:.0f} before")
    missed = peak() > MEGABYTES
    seconds = posted(url, 1, "file", EVENTS)
    print(f"{EVENTS:,} events posted in {seconds:.1f} s")
    if "://" not in url:
        print(f"the file has {Path(url).stat().st_size / 2**20:.0f} MB")
    missed |= seconds > SECONDS
    options = FileOptions(directory=str(folder / "out"))
    missed |= sent(url, Route(name="file", type=FILE, options=options, format="json")) > EVENTS / RATE
    posted(url, 2, "webhook", EVENTS)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hook = WebhookOptions(url=f"http://127.0.0.1:{server.server_address[1]}/")
    sent(url, Route(name="webhook", type=WEBHOOK, options=hook, format="json"))
    server.shutdown()
    print(f"the process, with the webhook's receiver in it, never held more than {peak():.0f} MB")
    print("a limit is MISSED" if missed else "all limits are kept")
    return int(missed)


def main() -> int:
    """Measure the database that is named, or a file that is thrown away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", help="path or URL of an empty history")
    named = parser.parse_args().history
    with tempfile.TemporaryDirectory() as directory:
        return measured(named or str(Path(directory) / "history.db"), Path(directory))


if __name__ == "__main__":
    sys.exit(main())

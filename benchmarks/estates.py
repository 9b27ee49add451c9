"""A thousand subscriptions, and a thousand projects, of a hundred resources each: calls, memory, time.

`python benchmarks/estates.py azure|gcp [SCOPES [RESOURCES]]`. The emulated cloud runs in a process of its own. Limits:
300 bulk calls for Azure and 200 for Google Cloud at 1,000 x 100, beside what bulk answers lack, and 600 MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping

SERVE = """
import json, sys
from providers.{cloud}.emulator import Emulator
from providers.{cloud}.emulator.size import big_estate
with Emulator(big_estate({scopes_named}={scopes}, resources={resources})) as cloud:
    print(json.dumps(cloud.settings()), flush=True)
    sys.stdin.readline()
    print(json.dumps(cloud.counts), flush=True)
"""
SCOPES = {"azure": "subscriptions", "gcp": "projects"}
BULK = {"azure": ("Microsoft.ResourceGraph:resources.list",), "gcp": ("cloudasset:assets.list",)}
LIMIT = {"azure": 300, "gcp": 200}


def scan(cloud: str, settings: Mapping[str, str]) -> None:
    """Scan with every check in this process, and print what it took."""
    from scanner.cli import doors
    from scanner.cli.scan.run import Job, scan_live

    started = time.monotonic()
    result = scan_live(Job(tuple(doors.checks().values())), [(doors.provider(cloud), settings)], None, lambda _: None)
    run = result.report.run
    seconds, memory = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(run.scopes)} scopes, {run.evaluated} decided, {run.statuses}, complete: {run.complete}")
    print(f"{run.calls} calls, {seconds:.0f} s, {run.calls / seconds:.0f} calls/s, at most {memory:.0f} MB (limit 600)")


def main(cloud: str, scopes: int = 1000, resources: int = 100) -> None:
    """Start the cloud, scan it, and say what was asked of it."""
    serve = SERVE.format(cloud=cloud, scopes=scopes, resources=resources, scopes_named=SCOPES[cloud])
    server = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-c", serve], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        settings = json.loads(server.stdout.readline())
        if cloud == "gcp":
            settings.setdefault("organization", "organizations/900000000009")
        print(f"== {cloud}: {scopes} {SCOPES[cloud]} x {resources} resources")
        scan(cloud, settings)
        server.stdin.write("\n")
        server.stdin.flush()
        counts: Mapping[str, int] = json.loads(server.stdout.readline())
        bulk = sum(counts.get(wire, 0) for wire in BULK[cloud])
        print(f"{bulk} bulk calls (limit {LIMIT[cloud]} at 1000 x 100); of the others:")
        for wire, count in sorted(counts.items(), key=lambda item: -item[1]):
            if wire not in BULK[cloud]:
                print(f"{count:8d} {wire}")
    finally:
        server.kill()


if __name__ == "__main__":
    for chosen in sys.argv[1:2] or SCOPES:
        main(chosen, *map(int, sys.argv[2:]))

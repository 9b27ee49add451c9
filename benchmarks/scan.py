"""A whole scan of an emulated account against the least that its calls cost: the same calls in a bare SDK loop.

The account has 500 buckets, 200 users and 200 roles over 4 regions; the emulator answers from memory in a process of
its own. The ratio says what planning, scheduling, judging and writing add to the SDK's own time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

BARE = """
import boto3, json, sys
from botocore.config import Config
from concurrent.futures import ThreadPoolExecutor
client = boto3.client("s3", config=Config(s3={"addressing_style": "path"}, max_pool_connections=48))
names = [bucket["Name"] for bucket in client.list_buckets(MaxBuckets=10000)["Buckets"]]
operations = ["get_bucket_versioning", "get_bucket_acl", "get_bucket_logging", "get_bucket_encryption",
              "get_bucket_ownership_controls", "get_public_access_block", "get_object_lock_configuration"]
def ask(pair):
    try:
        getattr(client, pair[0])(Bucket=pair[1])
    except client.exceptions.ClientError:
        pass
with ThreadPoolExecutor(48) as pool:
    list(pool.map(ask, [(operation, name) for name in names for operation in operations]))
print(len(names) * len(operations) + 1)
"""

SERVE = """
import sys, json
from providers.aws.emulator import Emulator
from providers.aws.emulator.size import big_estate
with Emulator(big_estate(buckets=500, users=200, roles=200, regions=4)) as account:
    print(json.dumps(account.environment()), flush=True)
    sys.stdin.read()
"""


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Wall and CPU seconds of a process, and what it printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603  # our own commands
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    """Print both rows and the ratio, three times."""
    server = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **json.loads(server.stdout.readline())}
    scan = [str(Path(sys.executable).with_name("scan")), "--provider", "aws", "--format", "json"]
    try:
        timed(scan, environment)  # fills the emulator's memory
        for _ in range(3):
            wall, cpu, text = timed(scan, environment)
            calls = json.loads(text.splitlines()[-1])["run"]["calls"]
            bare_wall, bare_cpu, count = timed([sys.executable, "-c", BARE], environment)
            mine, bare = cpu / calls * 1000, bare_cpu / int(count) * 1000
            print(f"scan: {calls} calls, {wall:.1f} s, {mine:.2f} ms CPU a call, everything included")
            print(f"bare: {int(count)} calls, {bare_wall:.1f} s, {bare:.2f} ms CPU a call; ratio {mine / bare:.2f}")
    finally:
        server.terminate()


if __name__ == "__main__":
    main()

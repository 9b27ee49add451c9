"""The cost of judging 100,000 buckets: microseconds per check and bucket, and memory.

Limits: 10 microseconds where a check reads stored facts only (the others think about policies), 4 KB a resource, and
600 MB for the whole process. Nothing is asked or read from a file; what a real reading would keep is made by hand.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from providers.aws import PROVIDER
from providers.aws.s3 import S3Bucket
from scanner.check import Check
from scanner.cli import doors
from scanner.evaluate import Evaluation, Tally
from scanner.model import Estate, Identity, Resource, Scope
from scanner.plan import Plan
from scanner.responsibility.load import load_model

COUNT = 100_000
POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
 "Resource": "arn:aws:s3:::%s/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"""
VALUES: dict[str, Any] = {
    "acl": {"owner": "0123456789abcdef", "grants": []},
    "ownership": "BucketOwnerEnforced",
    "block": {},
    "account_block": {},
    "default_encryption": {"algorithm": "AES256"},
    "provider_keys": [],
    "versioned": True,
    "mfa_delete": False,
    "access_logged": False,
    "retention_locked": False,
}
MICROSECONDS, KILOBYTES, MEGABYTES = 10.0, 4.0, 600.0


def megabytes() -> float:
    """Memory that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def buckets(checks: Sequence[Check[Any]], count: int) -> Estate:
    """An estate of buckets that hold what the checks read, each value an object of its own as after a reading."""
    scope = Scope("aws", "aws", "111122223333", "arn:aws:account::111122223333:account")
    facts = Plan.of(checks, PROVIDER.kinds()).facts_of(S3Bucket)
    made: list[Resource] = []
    for number in range(count):
        name = f"bucket-number-{number:06d}"
        values = {**VALUES, "policy": POLICY % name}
        stored = {fact.name: fact.kept(values[fact.name]) for fact in facts}
        made.append(S3Bucket(Identity(scope, f"arn:aws:s3:::{name}", name, "eu-central-1"), stored))
    return Estate(scope, datetime.now(UTC), {S3Bucket: made})


def microseconds(estate: Estate, checks: Sequence[Check[Any]]) -> float:
    """Of judging a bucket, findings made and dropped."""
    judged = 0
    gc.collect()
    started = time.perf_counter()
    for _ in Evaluation(estate, checks, MODEL, "scan", Tally()):
        judged += 1
    return (time.perf_counter() - started) / judged * 1e6


def main() -> int:
    """Print both tables; 1 where a limit is missed."""
    checks = [check for check in doors.checks().values() if check.applies_to(S3Bucket) and not check.reads.every]
    before = megabytes()
    estate = buckets(checks, COUNT)
    each = (megabytes() - before) * 1024 / COUNT
    few = buckets(checks, COUNT // 20)
    missed = each > KILOBYTES
    print(f"{'check':40} {'reads':8} {'us per resource':>15}")
    for check in checks:
        simple = all(S3Bucket.facts[name].stored for name in check.reads.own)
        cost = microseconds(estate if simple else few, [check])
        missed |= simple and cost > MICROSECONDS
        print(f"{check.id:40} {'stored' if simple else 'derived':8} {cost:15.1f}")
    print(f"{'all together, per check':40} {'':8} {microseconds(few, checks):15.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    missed |= peak > MEGABYTES
    print(f"{COUNT:,} buckets: {each:.2f} KB each; the process never held more than {peak:.0f} MB")
    print("a limit is MISSED" if missed else "all limits are kept")
    return int(missed)


MODEL = load_model([PROVIDER.responsibility])

if __name__ == "__main__":
    sys.exit(main())

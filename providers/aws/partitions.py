"""Partitions of AWS: which one an ARN is in, and the region that stands for a partition."""

from __future__ import annotations

MAIN_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def main_region(partition: str) -> str:
    """Where services without regions keep what they keep."""
    return MAIN_REGIONS.get(partition, MAIN_REGIONS["aws"])


def partition_of(*arns: str) -> str:
    """The partition of the first that is an ARN; AWS's largest where none is."""
    for arn in arns:
        match arn.split(":", 2):
            case ["arn", partition, _] if partition:
                return partition
    return "aws"

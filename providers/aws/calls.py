"""Calls that a session makes for itself, before anything is listed."""

from __future__ import annotations

from scanner.facts import Call

CALLER = Call("sts", "GetCallerIdentity")
"""Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

REGIONS = Call("ec2", "DescribeRegions", needs="ec2:DescribeRegions", items="Regions")
"""Without AllRegions it answers the enabled regions."""

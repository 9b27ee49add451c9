"""The published shape of ASFF, and what its documentation demands beyond it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[3] / "data" / "asff-finding.schema.json"
PRODUCT = re.compile(r"arn:(aws[a-z-]*):securityhub:([a-z0-9-]+):(\d{12}):product/(\d{12})/default")
LARGEST = 240_000


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def problems(finding: dict[str, Any]) -> list[str]:
    """What Security Hub would refuse the finding for."""
    found = [f"{problem.json_path}: {problem.message[:200]}" for problem in validator().iter_errors(finding)]
    if not found:
        product = PRODUCT.fullmatch(finding["ProductArn"])
        if product is None or product[3] != product[4] or product[3] != finding["AwsAccountId"]:
            found.append(f"ProductArn {finding['ProductArn']} is not the default product of {finding['AwsAccountId']}")
        if "Severity" not in finding and "Severity" not in finding.get("FindingProviderFields", {}):
            found.append("neither Severity nor FindingProviderFields.Severity")
        found += [f"{path} is blank or not in one line" for path, text in texts(finding) if not usual(text)]
    return found


def usual(text: str) -> bool:
    """Whether the text matches `.*\\S.*` as Java matches: a dot is no line end, and \\S is not Unicode's."""
    return re.fullmatch(r"[^\n\r\x85\u2028\u2029]*[^ \t\n\x0b\f\r][^\n\r\x85\u2028\u2029]*", text) is not None


def texts(value: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key} (its name)", key
            yield from texts(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{path}[{number}]")

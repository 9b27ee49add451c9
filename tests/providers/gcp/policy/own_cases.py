"""Cases of our own, with the documented verdict, over a usual input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from providers.gcp.policy.language.owner import Owner
from scanner.document import load

USUAL: Mapping[str, Any] = {
    "project": "acme-prod",
    "organizationDomain": "example.com",
    "organizationProjects": ["acme-prod", "acme-dev"],
    "evaluationTime": "2026-06-01T00:00:00Z",
}
OWNER = Owner("acme-prod", ("example.com",), ("acme-prod", "acme-dev"))
_WORKLOAD_USER = "roles/iam.workloadIdentityUser"


class Case(msgspec.Struct, frozen=True):
    """An input, and what the documentation says of it."""

    id: str
    given: dict[str, Any]
    verdict: str
    why: str
    service: str = ""
    flags: tuple[str, ...] = ()

    @property
    def input(self) -> dict[str, Any]:
        """The whole input. `members` stands for one binding with a role."""
        given = dict(self.given)
        if "members" in given:
            role = given.pop("role", _WORKLOAD_USER)
            given["iamPolicy"] = {"bindings": [{"role": role, "members": given.pop("members")}]}
        bucket = {"bucket": {"name": "acme-data"}} if self.service == "storage" else {}
        return {**USUAL, **bucket, **given}


class CaseFile(msgspec.Struct, frozen=True):
    """A file of cases."""

    cases: tuple[Case, ...]
    service: str = ""


def own_cases() -> list[Case]:
    """All cases."""
    found: list[Case] = []
    for path in sorted((Path(__file__).parent / "case_files").glob("*.yaml")):
        file = load(path, CaseFile)
        found += [msgspec.structs.replace(case, service=case.service or file.service) for case in file.cases]
    return found

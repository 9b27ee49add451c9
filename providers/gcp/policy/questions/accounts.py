"""Whose account an address is: of the owner, of somebody outside, or of a service of Google's.

https://cloud.google.com/iam/docs/service-account-types
https://cloud.google.com/iam/docs/service-agents
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.owner import Owner

Whose = Literal["own", "outside", "shared", "unclear"]
"""`shared`: one account of Google's that works for all customers, who can steer it."""

NO_DOMAIN: Final = "no domain of the organization is known"
NO_NUMBER: Final = "no project number is known"
MORE_PROJECTS: Final = "not all projects of its organization are known"
_OF_ANYBODY: Final = frozenset({"gmail.com", "googlemail.com"})
"""Domains whose addresses anybody gets."""
_AGENTS: Final = frozenset(
    {
        "bigquery-encryption",
        "cloud-filer",
        "cloud-ml.google.com",
        "cloud-redis",
        "cloud-tpu",
        "cloudcomposer-accounts",
        "cloudkms-encryption",
        "compute-system",
        "container-analysis",
        "container-engine-robot",
        "containerregistry",
        "crashlytics-bigquery-prod",
        "dataflow-service-producer-prod",
        "dataproc-accounts",
        "dlp-api",
        "endpoints-portal",
        "firebase-rules",
        "gae-api-prod.google.com",
        "gcf-admin-robot",
        "genomics-api.google.com",
        "gs-project-accounts",
        "remotebuildexecution",
        "securitycenter-notification",
        "serverless-robot-prod",
        "service-consumer-management",
        "service-networking",
        "sourcerepo-service-accounts",
        "storage-transfer-service",
    }
)
"""Projects of Google's that hold one service agent for each customer project, named by the project's number."""


class Account(msgspec.Struct, frozen=True):
    """Whose it is, in words."""

    whose: Whose
    text: str
    why: str = ""
    """What is missing where it is unclear."""


def person(member: Member, owner: Owner) -> Account:
    """A user, group or domain."""
    domain = member.name if member.kind == "domain" else member.name.rpartition("@")[2]
    words = {"domain": "all users of ", "group": "group ", "user": ""}[member.kind] + member.name
    if domain in owner.domains:
        return Account("own", words)
    if domain == "google.com":
        return Account("shared", words)
    if not owner.domains:
        return Account("unclear", words, f"whether {domain} is the owner's: {NO_DOMAIN}")
    # The organization tells its primary domain alone: users of a further one that it owns are taken for strangers, so
    # it is said which domain they are not of. https://support.google.com/a/answer/175747
    return Account("outside", words if domain in _OF_ANYBODY else f"{words} (not of {', '.join(owner.domains)})")


def service_account(member: Member, owner: Owner) -> Account:
    """A service account, by its address."""
    local, _, host = member.name.partition("@")
    words = f"service account {member.name}"
    if host in ("system.gserviceaccount.com", "google.com"):
        return Account("shared", words)
    if host in ("cloudservices.gserviceaccount.com", "cloudbuild.gserviceaccount.com", "project.gserviceaccount.com"):
        return _of_project(local, words, owner)
    if host == "developer.gserviceaccount.com":
        return _of_project(local.removesuffix("-compute"), words, owner)
    if host == "appspot.gserviceaccount.com":
        return _of_project(local, words, owner)
    project = host.removesuffix(".iam.gserviceaccount.com")
    if project == host or not project:
        return Account("unclear", words, f"whose {member.name} is")
    if project in _AGENTS or project.startswith("gcp-sa-"):
        # `service-123@`, `project-123@`, `bq-123@`, `p123-sink@`: the customer's number is the only one in it.
        numbers = [part.lstrip("p") for part in local.split("-") if part.lstrip("p").isdigit()]
        return _of_project(numbers[0] if numbers else "", f"service agent {member.name}", owner)
    # Projects of a domain are `example.com:name`, and their accounts `...@name.example.com.iam...`.
    name, dot, domain = project.partition(".")
    return _of_project(f"{domain}:{name}" if dot else project, words, owner)


def agent_of(member: Member) -> bool:
    """Whether a service account is Google's own, by which a service acts in a customer's project.

    https://cloud.google.com/iam/docs/service-agents
    """
    host = member.name.rpartition("@")[2]
    project = host.removesuffix(".iam.gserviceaccount.com")
    return host == "cloudservices.gserviceaccount.com" or project in _AGENTS or project.startswith("gcp-sa-")


def project_team(member: Member, owner: Owner) -> Account:
    """Owners, editors or viewers of a project."""
    return _of_project(member.name, f"{member.team}s of project {member.name}", owner)


def _of_project(project: str, words: str, owner: Owner) -> Account:
    owned = owner.owns_project(project) if project else None
    if owned is None:
        numbered = not owner.more or (project.isdigit() and not owner.numbers)
        missing = NO_NUMBER if numbered else MORE_PROJECTS
        return Account("unclear", words, f"whether the project of {words} is the owner's: {missing}")
    return Account("own" if owned else "outside", words)

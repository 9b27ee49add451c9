"""What Google Cloud brings to the scanner: options, kinds, its policy format, a session, and emulated projects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scanner.facts import Call
from scanner.model import Resource
from scanner.provider import Option, Session, SessionError, Settings


class GcpProvider:
    """Google Cloud."""

    name = "gcp"
    title = "Google Cloud"
    options: tuple[Option, ...] = (
        # GOOGLE_CLOUD_PROJECT is left to the session: a project that nobody chose for this scan is named as such.
        Option(
            "project", "Projects to scan, by id; `*` and `?` stand for any text and any character.", "ID", many=True
        ),
        Option("folder", "Folders to scan, with all that is below them.", "NUMBER", many=True),
        Option("organization", "Organisation to scan, with all that is below it.", "NUMBER|DOMAIN"),
        Option(
            "impersonate-service-account",
            "Service account to act as, after those that lead to it.",
            "EMAIL[,EMAIL...]",
            "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
        ),
        Option("quota-project", "Project that calls are counted against.", "ID", "GOOGLE_CLOUD_QUOTA_PROJECT"),
        Option(
            "gcp-road",
            "Ask Cloud Asset Inventory first where it may be used, or each service alone.",
            "ROAD",
            values=("auto", "services"),
        ),
        Option("gcp-endpoint", "Base URL that stands for every Google API.", "URL", "OURSIDE_GCP_ENDPOINT"),
    )
    demos: Mapping[str, str] = {"gcp": "Projects with the usual mixture"}
    responsibility = Path(__file__).with_name("responsibility.yaml")

    def kinds(self) -> Sequence[type[Resource]]:
        """Every class that is listed, in the order of the report."""
        from providers.gcp.kinds import KINDS

        return KINDS

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        """What there is to scan, and what the inventory holds of it; nothing of it depends on regions."""
        from providers.gcp.session_methods import SESSION_METHODS, session_call

        del regional
        return tuple(session_call(method) for method in SESSION_METHODS)

    def placing_calls(self) -> Sequence[Call]:
        """What lies above a project, by numbers alone: asked where a folder may not be read."""
        from providers.gcp.rest import gcp

        return (gcp("cloudresourcemanager.projects.getAncestry"),)

    def policy(self, permissions: Sequence[str]) -> str:
        """A custom role of `permissions` and nothing else, for `gcloud iam roles create --file`.

        https://cloud.google.com/iam/docs/creating-custom-roles
        """
        role = {
            "title": "Ourside reads",
            # At most 256 characters: https://cloud.google.com/iam/docs/creating-custom-roles#creating
            "description": "What Ourside reads. Create it in the organization: a role of one project cannot hold"
            " resourcemanager.organizations.*, resourcemanager.folders.* and resourcemanager.projects.list, and there"
            " they are to be left out.",
            "stage": "GA",
            "includedPermissions": sorted(permissions),
        }
        return json.dumps(role, indent=2)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        """Sign in."""
        try:
            from providers.gcp.client.session import GcpSession
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[gcp]'") from error
        return GcpSession(settings, calls, time_limit)

    @contextmanager
    def demo(self, name: str) -> Iterator[Settings]:
        """Emulated projects on this machine."""
        del name
        try:
            from providers.gcp.emulator import Emulator
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[demo]'") from error
        with Emulator() as cloud:
            organization = str(cloud.estate.organization.body["name"])
            yield {**cloud.settings(), "credentials-file": str(cloud.credentials_file), "organization": organization}


PROVIDER = GcpProvider()

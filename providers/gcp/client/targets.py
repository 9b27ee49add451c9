"""Which scopes the options name. Nothing is scanned that nobody named, and what was named is said."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from providers.gcp.client.credentials import Found as Credentials
from providers.gcp.client.hierarchy import Ask, Found, Hierarchy
from providers.gcp.client.regions import check_regions
from scanner.provider import SessionError, SettingError, Settings


class Targets:
    """What the options name."""

    def __init__(self, settings: Settings, credentials: Credentials) -> None:
        self._projects = _listed(settings.get("project"))
        self._folders = _listed(settings.get("folder"))
        self._organization = settings.get("organization", "")
        self._named = bool(self._projects or self._folders or self._organization)
        self.home = credentials.project
        self._why_home = credentials.project_source
        self.said = "" if self._named or not self.home else f"project {self.home} {self._why_home}"
        """Which project is meant where no option names one."""

    def resolve(self, ask: Ask, regions: Sequence[str], accounts: Sequence[str]) -> Found:
        """The scopes; raises SettingError for a name that leads nowhere, SessionError where nothing is named."""
        check_regions(regions)
        if not self._named and not accounts and not self.home:
            raise SessionError(
                "no project was named. Give --project ID, --folder NUMBER or --organization NUMBER, "
                "or run: export GOOGLE_CLOUD_PROJECT=ID"
            )
        hierarchy = Hierarchy(ask, regions)
        if self._organization:
            hierarchy.container(hierarchy.organization(self._organization), "organization")
        for folder in self._folders:
            number = folder.removeprefix("folders/")
            if not number.isdigit():
                raise SettingError(f"--folder takes the number of a folder, such as 123456789012, not {folder!r}")
            hierarchy.container(f"folders/{number}", "folder")
        hierarchy.projects(self._projects)
        if self._named:
            return _only(hierarchy.found, accounts)
        hierarchy.projects(accounts or [self.home])
        return hierarchy.found


def _only(found: Found, accounts: Sequence[str]) -> Found:
    """What was found, without all but the accounts that were chosen."""
    if not accounts:
        return found
    known = {scope.account: uid for uid, scope in found.scopes.items()}
    for account in accounts:
        if account not in known:
            near = get_close_matches(account, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it is not among the {len(known)} that the options name"
            raise SettingError(f"unknown account {account!r}: {hint}")
    found.scopes = {known[account]: found.scopes[known[account]] for account in accounts}
    # A folder or organisation that was not chosen still says which part of it is missing.
    found.unread = [(scope, reason) for scope, reason in found.unread if scope.uid in found.scopes]
    return found


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]

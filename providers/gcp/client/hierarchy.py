"""What there is to scan: projects by id or pattern, folders and organisations with all that is below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

import msgspec

from providers.gcp.client.errors import OFF, SIGN_IN
from providers.gcp.client.globs import is_glob, matches
from providers.gcp.session_methods import session_call
from scanner.facts import Unread
from scanner.model import Scope
from scanner.provider import AskFailed, SessionError, SettingError

CONTAINERS = "//cloudresourcemanager.googleapis.com"
LISTED_AT_ONCE = 8
PARTITION = "gcp"

Ask = Callable[[str, Mapping[str, object]], list[dict[str, Any]]]
"""All rows of a method's answer, over all pages; the one object where it answers one."""


class Project(msgspec.Struct, frozen=True, rename="camel"):
    """A project. https://cloud.google.com/resource-manager/reference/rest/v3/projects"""

    name: str
    project_id: str
    state: str
    # Texts that are empty are left out: https://protobuf.dev/programming-guides/json/
    display_name: str = ""

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/v3/projects/{self.project_id}"

    @property
    def active(self) -> bool:
        """Whether it is not about to be deleted."""
        return self.state == "ACTIVE"


class Container(msgspec.Struct, frozen=True, rename="camel"):
    """A folder or an organisation. https://cloud.google.com/resource-manager/reference/rest/v3/folders"""

    name: str
    state: str
    display_name: str = ""

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/v3/{self.name}"


Row = TypeVar("Row", Project, Container)


@dataclass(frozen=True, slots=True)
class Below:
    """What was listed directly below a folder or organisation, and what was not."""

    parent: Scope
    folders: Sequence[Container]
    projects: Sequence[Project]
    unread: Sequence[Unread]


@dataclass(slots=True)
class Found:
    """Scopes, the numbers of projects, and what could not be listed."""

    regions: Sequence[str]
    scopes: dict[str, Scope] = field(default_factory=dict)
    """By uid, in the order in which they were found."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Of projects, by id."""
    roots: dict[str, str] = field(default_factory=dict)
    """The folder or organisation, as `folders/1`, that a scope was found under, by uid."""
    unread: list[tuple[Scope, Unread]] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    """What each listed project and folder was listed below, by the path that it is read at."""
    not_listed: dict[str, list[Unread]] = field(default_factory=dict)
    """Why not all projects below a folder or organisation are known, by its name; nothing of one not looked below."""
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was told of each project, folder and organisation, by the path that it is read at."""

    def add(self, account: str, level: str = "", name: str = "", number: str = "", root: str = "") -> Scope:
        """Take a scope in, once."""
        uid = f"{CONTAINERS}/{account}" if level else f"{CONTAINERS}/projects/{account}"
        if number:
            self.numbers[account] = number
        if root:
            self.roots.setdefault(uid, root)
        regions = tuple(sorted(set(self.regions)))
        scope = Scope("gcp", PARTITION, account, uid, name, regions, restricted=bool(regions), level=level)
        return self.scopes.setdefault(uid, scope)

    def add_project(self, project: Project, root: str = "") -> None:
        """Take a project in, unless it is about to be deleted."""
        if project.active:
            number = project.name.removeprefix("projects/")
            self.add(project.project_id, name=project.display_name, number=number, root=root)

    def add_container(self, container: Container, level: str, root: str) -> Scope:
        """Take a folder or organisation in."""
        return self.add(container.name, level, container.display_name, root=root)


class Hierarchy:
    """Finds scopes; raises SettingError for what is not there, SessionError where nothing can be found out."""

    def __init__(self, ask: Ask, regions: Sequence[str]) -> None:
        self._ask = ask
        self.found = Found(regions)
        self._visible: list[Project] | None = None

    def _rows(self, method: str, row: type[Row], path: str, **params: object) -> list[Row]:
        bodies = self._ask(method, {"path": path, **params})
        try:
            rows: list[Row] = msgspec.convert(bodies, list[row])  # type: ignore[valid-type]
        except msgspec.ValidationError as error:
            raise AskFailed("failed", "", f"an entry of another form: {error}") from error
        for found, body in zip(rows, bodies, strict=True):
            self.found.bodies[found.path] = body
        return rows

    def projects(self, wanted: Iterable[str]) -> None:
        """Take in projects by id or pattern."""
        for text in wanted:
            if is_glob(text):
                found = [project for project in self._all_visible() if matches(text, project.project_id)]
                if not any(project.active for project in found):
                    raise SettingError(f"no active project that these credentials may see matches {text!r}")
                for project in found:
                    self.found.add_project(project)
            else:
                self._project(text)

    def _project(self, name: str) -> None:
        if "/" in name or not name:
            raise SettingError(f"{name!r} is not the id of a project")
        try:
            (project,) = self._rows("cloudresourcemanager.projects.get", Project, f"/v3/projects/{name}")
        except AskFailed as failure:
            if not _is_off(failure):
                self._not_there(failure, f"project {name!r}", name, "resourcemanager.projects.get")
            self.found.add(name)  # it was named, so it can be asked about by that name
            return
        if not project.active:
            raise SettingError(f"project {name!r} is not active ({project.state}): restore it, or leave it out")
        self.found.add_project(project)

    def container(self, name: str, level: str) -> None:
        """Take in a folder or organisation, as `folders/1`, and all that is below it."""
        try:
            (container,) = self._rows(f"cloudresourcemanager.{level}s.get", Container, f"/v3/{name}")
        except AskFailed as failure:
            if failure.why != "denied" or not self._can_list_below(name):
                self._not_there(failure, f"{level} {name!r}", name, f"resourcemanager.{level}s.get")
            container = Container(name, "ACTIVE")
        parents = [self.found.add_container(container, level, name)]
        self.found.not_listed.setdefault(name, [])
        with ThreadPoolExecutor(LISTED_AT_ONCE) as threads:
            while parents:
                parents = [folder for below in threads.map(self._below, parents) for folder in self._take(below, name)]

    def _can_list_below(self, name: str) -> bool:
        """Whether a folder or organisation is there although it may not be read itself."""
        return len(self._below(Scope("gcp", PARTITION, name, "")).unread) < len(("folders", "projects"))

    def organization(self, text: str) -> str:
        """The resource name of an organisation that is given by number or by domain."""
        number = text.removeprefix("organizations/")
        if number.isdigit():
            return f"organizations/{number}"
        try:
            found = self._rows("cloudresourcemanager.organizations.search", Container, "/v3/organizations:search")
        except AskFailed as failure:
            raise _no_target(failure) from failure
        names = {organization.display_name: organization.name for organization in found}
        if number not in names:
            raise SettingError(f"no organization {text!r} that these credentials may see{_near(number, names)}")
        return names[number]

    def _below(self, parent: Scope) -> Below:
        """What is listed below, over all pages. It is listed rather than searched: a search leaves out in silence."""
        unread: list[Unread] = []

        def listed(things: str, row: type[Row]) -> list[Row]:
            method = f"cloudresourcemanager.{things}.list"
            try:
                return self._rows(method, row, f"/v3/{things}", parent=parent.account, pageSize=1000)
            except AskFailed as failure:
                if failure.why in ("expired", "unreachable"):
                    raise _no_target(failure) from failure
                unread.append(failure.unread(session_call(method), things))
                return []

        return Below(parent, listed("folders", Container), listed("projects", Project), unread)

    def _take(self, below: Below, root: str) -> list[Scope]:
        self.found.unread += [(below.parent, reason) for reason in below.unread]
        self.found.not_listed[root] += below.unread
        paths = [*(project.path for project in below.projects), *(folder.path for folder in below.folders)]
        self.found.parents |= dict.fromkeys(paths, below.parent.account)
        for project in below.projects:
            self.found.add_project(project, root)
        active = [folder for folder in below.folders if folder.state == "ACTIVE"]
        return [self.found.add_container(folder, "folder", root) for folder in active]

    def _all_visible(self) -> list[Project]:
        if self._visible is None:
            method, path = "cloudresourcemanager.projects.search", "/v3/projects:search"
            try:
                self._visible = self._rows(method, Project, path, query="state:ACTIVE", pageSize=500)
            except AskFailed as failure:
                raise _no_target(failure) from failure
        return self._visible

    def _not_there(self, failure: AskFailed, what: str, name: str, permission: str) -> NoReturn:
        """Raise for a name that leads nowhere. Google refuses what does not exist, too, so as not to tell."""
        if failure.why != "denied" and failure.code not in ("NOT_FOUND", "INVALID_ARGUMENT"):
            raise _no_target(failure) from failure
        near = "" if "/" in name else _near(name, [project.project_id for project in self._all_visible()])
        said = f"{what} does not exist, or these credentials may not see it ({permission}){near}"
        raise SettingError(said) from failure


def _is_off(failure: AskFailed) -> bool:
    """Whether the API itself is not to be had, which says nothing about the name."""
    return failure.why == "service-off" or failure.code in OFF


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    return f": did you mean {near[0]}?" if near else ""


def _no_target(failure: AskFailed) -> SessionError:
    if failure.why == "unreachable":
        return SessionError(
            f"cannot reach Google's APIs ({failure.detail}). Check the network, the proxy, --gcp-endpoint"
        )
    if _is_off(failure):
        return SessionError(f"{failure.detail}. Run: gcloud services enable cloudresourcemanager.googleapis.com")
    told = SIGN_IN in failure.detail or "--quota-project" in failure.detail
    next_step = "" if told else f". {SIGN_IN}"
    return SessionError(f"what there is to scan cannot be found out: {failure.code} {failure.detail}{next_step}")

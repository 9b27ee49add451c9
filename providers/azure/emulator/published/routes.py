"""Reading which routes a client knows, from the source of its operations."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_BUILDER = re.compile(r"\ndef build_(\w+)_request\(.*?(?=\ndef |\nclass |\Z)", re.DOTALL)
_URL = re.compile(
    r'_url = kwargs\.pop\(\s*"template_url",\s*((?:"[^"]*"\s*)+)|_url = \(?\s*((?:"[^"]*"\s*(?:#[^\n]*\n\s*)?)+)',
)
_TEXT = re.compile(r'"([^"]*)"')
_METHOD = re.compile(r'method="(\w+)"')
_TEMPLATE = re.compile(r'"\{\+baseurl\}/([^"]*?)(?:\{\?[^"]*)?"')
# Published in the specifications, and in no client yet:
# https://github.com/Azure/bicep-types-az/blob/main/generated/keyvault/microsoft.keyvault/2024-04-01-preview/types.md
_SPECIFIED = {"Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations": {"get", "list:parent"}}
_READS = ("GET", "HEAD")


def read_routes(wheels: Path) -> dict[str, set[str]]:
    """Types of Azure's management API and what can be asked of them, from every `azure_mgmt_*.whl` in a folder."""
    found: dict[str, set[str]] = defaultdict(set, {kind: set(asked) for kind, asked in _SPECIFIED.items()})
    for wheel in sorted(wheels.glob("azure_mgmt_*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith("_operations.py") and "/aio/" not in name:
                    for url in _urls(archive.read(name).decode()):
                        kind, asked = _split(url)
                        if kind:
                            found[kind].add(asked)
    return _one_spelling(found)


def _urls(source: str) -> list[str]:
    urls = []
    for builder in _BUILDER.finditer(source):
        url, method = _URL.search(builder[0]), _METHOD.search(builder[0])
        if url and method and method[1] in _READS:
            urls.append("".join(_TEXT.findall(url[1] or url[2])))
    return urls


def _split(url: str) -> tuple[str, str]:
    """The type that a template is about, and `get`, or `list:` with the level of its scope."""
    segments = [segment for segment in url.split("?")[0].split("/") if segment]
    if "providers" in segments[:-1]:
        last = len(segments) - 1 - segments[::-1].index("providers")
        scope, namespace, rest = segments[:last], segments[last + 1], segments[last + 2 :]
    else:
        scope, namespace, rest = [], "Microsoft.Resources", segments
    if not rest or "{" in namespace or any("{" in kind for kind in rest[0::2]):
        return "", ""
    kind = "/".join((namespace, *rest[0::2])).replace("/resourcegroups", "/resourceGroups")
    return kind, "get" if len(rest) % 2 == 0 else f"list:{_level(scope, rest)}"


def _level(scope: list[str], rest: list[str]) -> str:
    if len(rest) > 1:
        return "parent"
    if not scope:
        return "tenant"
    if scope[0].lower() == "subscriptions":
        return {2: "subscription", 4: "group"}.get(len(scope), "scope")
    return "scope"


def _one_spelling(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Clients differ in case; the spelling with most capitals is kept, with all that can be asked."""
    spelled: dict[str, str] = {}
    merged: dict[str, set[str]] = defaultdict(set)
    for kind in sorted(found, key=lambda kind: (kind.lower(), -sum(map(str.isupper, kind)), kind)):
        merged[spelled.setdefault(kind.lower(), kind)] |= found[kind]
    return dict(merged)


def read_graph_routes(wheels: Path, wanted: Iterable[str]) -> dict[str, set[str]]:
    """Those of the wanted paths of Microsoft Graph (ids are `{}`) that its client has, by type."""
    wheel = next(iter(sorted(wheels.glob("msgraph_sdk-*.whl"))))
    known: set[str] = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith("_request_builder.py"):
                found = _TEMPLATE.search(archive.read(name).decode())
                if found is not None:
                    known.add(re.sub(r"\{[^}]*\}", "{}", found[1]))
    routes: dict[str, set[str]] = defaultdict(set)
    for path in wanted:
        if path in known:
            routes["Microsoft.Graph/" + "/".join(step for step in path.split("/") if step != "{}")].add(path)
    return dict(routes)

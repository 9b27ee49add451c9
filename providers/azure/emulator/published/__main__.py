"""`python -m providers.azure.emulator.published WHEELS [RECORDED]`: make `routes.json` and `members.json` again.

WHEELS is a folder that `pip download --no-deps` has filled with azure-mgmt-{authorization,compute,containerservice,
keyvault,managedservices==7.0.0b2,managementgroups,monitor==6.0.2,msi,network,rdbms,postgresqlflexibleservers,
resource==23.1.1,resource-locks,resource-subscriptions,resourcegraph,security==8.0.0b2,sql,
sqlvirtualmachine,storage} and msgraph-sdk.
RECORDED is a folder of recorded answers (one JSON file per operation); without it the recorded member paths that are
there already are kept. Members are reduced to the models that the package's estates need.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from providers.azure.emulator.bodies import bodies
from providers.azure.emulator.directory_routes import ROUTES
from providers.azure.emulator.estate_file import default_estate, hardened_estate
from providers.azure.emulator.published import recorded
from providers.azure.emulator.published.check import Checker
from providers.azure.emulator.published.members import Models, read_models
from providers.azure.emulator.published.roots import ROOTS, Root
from providers.azure.emulator.published.routes import read_graph_routes, read_routes

HERE = Path(__file__).parent
NAMESPACES = (
    *("Authorization", "Compute", "ContainerService", "DBforMySQL", "DBforPostgreSQL", "Insights", "KeyVault"),
    *(
        "Management",
        "ManagedIdentity",
        "ManagedServices",
        "Network",
        "ResourceGraph",
        "Resources",
        "Security",
        "Sql",
        "SqlVirtualMachine",
        "Storage",
    ),
)


def main() -> int:
    """Write both files."""
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    wheels = Path(sys.argv[1])
    routes = read_routes(wheels)
    kept = {kind: sorted(routes[kind]) for kind in routes if kind.partition("/")[0][len("Microsoft.") :] in NAMESPACES}
    graph = read_graph_routes(wheels, [route.path for route in ROUTES])
    for path in sorted({route.path for route in ROUTES} - {path for paths in graph.values() for path in paths}):
        print(f"Microsoft Graph has no {path}", file=sys.stderr)
    _write(HERE / "routes.json", kept | {kind: sorted(paths) for kind, paths in graph.items()})
    seen = _recorded_paths(Path(sys.argv[2])) if len(sys.argv) == 3 else {k: set(v) for k, v in recorded().items()}
    models: dict[str, Models] = {}
    needed: dict[str, dict[str, str]] = {}
    paths: dict[str, list[str]] = {}
    for kind, found in bodies(default_estate(), hardened_estate()).items():
        root = ROOTS[kind]
        source = _source(root)
        if source not in models:
            models[source] = read_models(wheels, root.wheel, root.place)
        checker = Checker(models[source], {})
        strange = {line.split(" ")[1] for body in found for line in checker.deviations(kind, root.model, body)}
        if strange & seen.get(kind, set()):
            paths[kind] = sorted(strange & seen[kind])
        for line in sorted(strange - seen.get(kind, set())):
            print(f"{kind}: {line} is neither published nor recorded", file=sys.stderr)
        for name in checker.used:
            needed[f"{source} {name}"] = models[source][name]
    _write(HERE / "members.json", {"models": needed, "recorded": paths})
    return 0


def _source(root: Root) -> str:
    return f"{root.wheel}/{root.place}".rstrip("/")


def _recorded_paths(folder: Path) -> dict[str, set[str]]:
    """Member paths of recorded answers, by the type that the answers name."""
    found: dict[str, set[str]] = {}
    spelled = {kind.lower(): kind for kind in ROOTS}
    for file in sorted(folder.glob("*.json")):
        for record in json.loads(file.read_bytes())["records"]:
            body = record.get("body")
            if record.get("status") == 200 and isinstance(body, dict):
                items = body["value"] if isinstance(body.get("value"), list) else [body]
                for item in items:
                    if isinstance(item, dict) and isinstance(item.get("type"), str):
                        kind = spelled.get(item["type"].lower())
                        if kind is not None:
                            found.setdefault(kind, set()).update(_paths(item, ""))
    return found


def _paths(value: Any, path: str) -> set[str]:
    if isinstance(value, dict):
        inner = {f"{path}.{name}" if path else name: item for name, item in value.items()}
        return set(inner).union(*(_paths(item, here) for here, item in inner.items()))
    if isinstance(value, list):
        return set().union(*(_paths(item, f"{path}[]") for item in value))
    return set()


def _write(path: Path, table: dict[str, Any]) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(table, order="sorted"), indent=1) + b"\n")


if __name__ == "__main__":
    sys.exit(main())

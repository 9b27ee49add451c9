"""Whether a body has only members that are published, with values of the published types."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from providers.azure.emulator.published.members import Models

PLAIN: Final[Mapping[str, type | tuple[type, ...]]] = {"str": str, "int": int, "float": (int, float), "bool": bool}


class Checker:
    """Compares bodies with models, and remembers which models it needed."""

    def __init__(self, models: Models, recorded: Mapping[str, frozenset[str]]) -> None:
        self._models = models
        self._recorded = recorded
        self.used: set[str] = set()

    def deviations(self, kind: str, model: str, body: Mapping[str, Any]) -> Iterator[str]:
        """Every member that is neither published nor recorded, and every value of another type."""
        seen = self._recorded.get(kind, frozenset())
        for path, problem in self._object(model, body, ""):
            if path not in seen:
                yield f"{kind}: {path} {problem}"

    def _object(self, model: str, body: Mapping[str, Any], path: str, head: str = "") -> Iterator[tuple[str, str]]:
        if model not in self._models:
            yield path, f"is a {model}, which the reduced copy lacks: make it again"
            return
        self.used.add(model)
        members = self._models[model]
        for name, value in body.items():
            wire = f"{head}{name}"
            here = f"{path}.{name}" if path else name
            if wire in members:
                yield from self._value(members[wire], value, here)
            elif any(member.startswith(f"{wire}.") for member in members) and isinstance(value, Mapping):
                yield from self._object(model, value, here, f"{wire}.")
            elif name not in ("@odata.type",):
                yield here, f"is not published for {model}"

    def _value(self, kind: str, value: Any, path: str) -> Iterator[tuple[str, str]]:
        if value is None or kind == "any":
            return
        if kind.startswith("["):
            if not isinstance(value, list):
                yield path, f"is no list of {kind}"
                return
            for item in value:
                yield from self._value(kind[1:-1], item, f"{path}[]")
        elif kind.startswith("{"):
            if not isinstance(value, Mapping):
                yield path, f"is no mapping of {kind}"
                return
            for item in value.values():
                yield from self._value(kind[1:-1], item, f"{path}{{}}")
        elif kind in PLAIN:
            wrong = not isinstance(value, PLAIN[kind]) or (kind != "bool" and isinstance(value, bool))
            if wrong:
                yield path, f"is {value!r}, not {kind}"
        elif isinstance(value, Mapping):
            yield from self._object(kind, value, path)
        elif not (isinstance(value, str) and not self._models.get(kind)):
            yield path, f"is {value!r}, not a {kind}"

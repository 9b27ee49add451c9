"""The members of a JSON object, asked for by name and kind; whatever is of another kind is refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from scanner.questions import BadInput


class Fields:
    """An object. Members are also found under `properties`, where Azure Resource Manager puts them."""

    def __init__(self, value: object, pointer: str = "") -> None:
        if not isinstance(value, Mapping):
            raise BadInput(pointer, "must be an object")
        self.pointer = pointer
        self._value: Mapping[str, Any] = value
        nested = value.get("properties")
        self._nested: Mapping[str, Any] = nested if isinstance(nested, Mapping) else {}

    def has(self, name: str) -> bool:
        """Whether the member is there and holds something."""
        return self._raw(name)[0] is not None

    def names(self) -> tuple[str, ...]:
        """The names of the members."""
        return tuple(str(name) for name in self._value)

    def text(self, name: str, default: str = "") -> str:
        """A text; the default where nothing is stored."""
        value, pointer = self._raw(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise BadInput(pointer, "must be text")
        return value

    def name_of(self, name: str) -> str:
        """A name that stands there as text or as the `name` of an object."""
        value, pointer = self._raw(name)
        return Fields(value, pointer).text("name") if isinstance(value, Mapping) else self.text(name)

    def flag(self, name: str) -> bool | None:
        """True or false, also written as text; None where nothing is stored."""
        value, pointer = self._raw(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.casefold() in ("true", "false"):
            return value.casefold() == "true"
        raise BadInput(pointer, "must be true or false")

    def number(self, name: str, default: int) -> int:
        """A whole number; the default where nothing is stored."""
        value, pointer = self._raw(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(pointer, "must be a whole number")
        return value

    def inner(self, name: str) -> Fields | None:
        """An object; None where nothing is stored."""
        value, pointer = self._raw(name)
        return None if value is None else Fields(value, pointer)

    def needed(self, name: str) -> Fields:
        """An object that must be there."""
        found = self.inner(name)
        if found is None:
            self.refuse(name, "is missing")
        return found

    def objects(self, name: str, key: str = "") -> Iterator[Fields]:
        """The objects of a list, none where nothing is stored. A mere text stands for an object with that `key`."""
        for value, pointer in self._list(name):
            yield Fields({key: value} if key and isinstance(value, str) else value, pointer)

    def texts(self, name: str, key: str = "") -> tuple[str, ...]:
        """The texts of a list, which may stand in objects under `key`; none where nothing is stored."""
        found: list[str] = []
        for value, pointer in self._list(name):
            if key and isinstance(value, Mapping):
                found.append(Fields(value, pointer).text(key))
            elif isinstance(value, str):
                found.append(value)
            else:
                raise BadInput(pointer, "must be text")
        return tuple(found)

    def refuse(self, name: str, why: str) -> NoReturn:
        """Refuses a member."""
        raise BadInput(f"{self.pointer}/{name}", why)

    def _list(self, name: str) -> list[tuple[object, str]]:
        value, pointer = self._raw(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise BadInput(pointer, "must be a list")
        return [(one, f"{pointer}/{index}") for index, one in enumerate(value)]

    def _raw(self, name: str) -> tuple[Any, str]:
        """The member and its place."""
        if self._value.get(name) is None and self._nested.get(name) is not None:
            return self._nested[name], f"{self.pointer}/properties/{name}"
        return self._value.get(name), f"{self.pointer}/{name}"

"""What Microsoft publishes about its APIs, reduced to the routes and members that the emulator needs.

`routes.json` and `members.json` are made from the wheels of Microsoft's own clients (MIT licence), which are generated
from the published specifications: `python -m providers.azure.emulator.published` says how to make them again.
"""

from functools import cache
from importlib import resources

import msgspec


class _Members(msgspec.Struct, forbid_unknown_fields=True):
    models: dict[str, dict[str, str]]
    """Members and their types, by wheel, folder and class."""
    recorded: dict[str, frozenset[str]]
    """Member paths that real answers have although they are not published, by type."""


@cache
def routes() -> dict[str, frozenset[str]]:
    """Every published type with what can be asked of it: `get`, `list:subscription`, `list:group`, `list:scope` ..."""
    text = (resources.files(__package__) / "routes.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, frozenset[str]])


@cache
def spellings() -> dict[str, str]:
    """The published spelling of a type, by its lower case."""
    return {kind.lower(): kind for kind in routes()}


@cache
def _members() -> _Members:
    return msgspec.json.decode((resources.files(__package__) / "members.json").read_bytes(), type=_Members)


def models(source: str) -> dict[str, dict[str, str]]:
    """The models of one client that the demo tenant needs."""
    return {
        name.partition(" ")[2]: members
        for name, members in _members().models.items()
        if name.partition(" ")[0] == source
    }


def recorded() -> dict[str, frozenset[str]]:
    """Member paths that real answers have although they are not published, by type."""
    return _members().recorded

"""What Microsoft publishes about its APIs, reduced to the routes and members that the emulator needs.

`routes.json` and `members.json` are made from the wheels of Microsoft's own clients (MIT licence), which are generated
from the published specifications: `python -m providers.azure.emulator.published` says how to make them again.
"""

from functools import cache
from importlib import resources

import msgspec


@cache
def routes() -> dict[str, frozenset[str]]:
    """Every published type with what can be asked of it: `get`, `list:subscription`, `list:group`, `list:scope` ..."""
    text = (resources.files(__package__) / "routes.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, frozenset[str]])


@cache
def spellings() -> dict[str, str]:
    """The published spelling of a type, by its lower case."""
    return {kind.lower(): kind for kind in routes()}

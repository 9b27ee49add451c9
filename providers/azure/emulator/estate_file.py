"""Reading an estate from YAML, and those that come with the package.

Bodies are wire JSON, so scalars are read as JSON has them (YAML's core schema): `90` is a number, `"90"` is text, and a
date stays text.
"""

import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from providers.azure.emulator.estate import Estate, RoleDefinition
from scanner.document import DataError

T = TypeVar("T")


class _Loader(yaml.CSafeLoader):
    """YAML with the scalars of JSON and no others."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:-?(0|[1-9][0-9]*))$"), list("-0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^(?:-?(0|[1-9][0-9]*)\.[0-9]+)$"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^(?:<<)$"), ["<"])


@cache
def default_estate() -> Estate:
    """The demo tenant: something wrong and something right for every family of checks."""
    return read_estate(resources.files(__package__) / "estate.yaml")


@cache
def hardened_estate() -> Estate:
    """A small tenant in good order, for what a tenant or a subscription can have only once."""
    return read_estate(resources.files(__package__) / "estate-hardened.yaml")


@cache
def built_in_roles() -> tuple[RoleDefinition, ...]:
    """Azure's own roles, as far as the emulator needs them."""
    return _read(resources.files(__package__) / "roles.yaml", tuple[RoleDefinition, ...])


def read_estate(path: Path | Traversable) -> Estate:
    """Read an estate file; DataError says what does not fit."""
    return _read(path, Estate)


def _read(path: Path | Traversable, kind: type[T]) -> T:
    try:
        loader = _Loader(path.read_text("utf-8"))
        node = loader.get_single_node()
        _check_keys(node)
        tree: Any = loader.construct_document(node)
    except (OSError, yaml.YAMLError) as error:
        raise DataError(str(path), 0, str(error)) from error
    if isinstance(tree, dict):
        tree.pop("shared", None)  # where a file keeps what its anchors name
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        raise DataError(str(path), 0, str(error)) from error


def _check_keys(node: Any) -> None:
    """Raise where a mapping has a key twice. Looks before anything is merged: a merge may give a key again."""
    if isinstance(node, yaml.MappingNode):
        written = [key.value for key, _ in node.value if isinstance(key.value, str)]
        for place, name in enumerate(written):
            if name in written[:place]:
                raise yaml.constructor.ConstructorError(None, None, f"{name} stands here twice", node.start_mark)
        for _, value in node.value:
            _check_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check_keys(item)

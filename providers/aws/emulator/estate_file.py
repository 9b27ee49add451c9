"""Reading an estate from YAML, and the two that come with the package."""

from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml

from providers.aws.emulator.estate import Estate


class EstateError(Exception):
    """An estate file that cannot be used: where, and why."""


def default_estate() -> Estate:
    """The demo account: something wrong and something right for every family of checks."""
    return _packaged("estate.yaml")


def hardened_estate() -> Estate:
    """A small account in good order, for what an account can have only once."""
    return _packaged("estate-hardened.yaml")


def read_estate(path: Path) -> Estate:
    """Read an estate file; EstateError says what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EstateError(f"{path}: cannot be read ({error.strerror}); give the path of an estate file") from error
    return _parse(text, str(path))


def _packaged(name: str) -> Estate:
    return _parse(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"), name)


def _parse(text: str, name: str) -> Estate:
    try:
        tree = yaml.load(text, yaml.CSafeLoader)  # noqa: S506 (the safe loader, written in C)
    except yaml.YAMLError as error:
        raise EstateError(f"{name}: not YAML: {error}") from error
    if not isinstance(tree, dict) or not isinstance(tree.get("account"), str):
        raise EstateError(f'{name}: `account` is missing; write the twelve digits in quotes: account: "111122223333"')
    try:
        return msgspec.convert(_filled(tree, tree["account"]), Estate)
    except msgspec.ValidationError as error:
        raise EstateError(f"{name}: {error}") from error


def _filled(tree: Any, account: str) -> Any:
    """The tree with `{account}` filled in."""
    match tree:
        case str():
            return tree.replace("{account}", account)
        case dict():
            return {key: _filled(value, account) for key, value in tree.items()}
        case list():
            return [_filled(value, account) for value in tree]
        case _:
            return tree

"""Reading an estate from YAML, and those that come with the package."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from providers.aws.emulator.estate import Estate, Root
from scanner.document import load


def default_estate() -> Estate:
    """The demo account: something wrong and something right for every family of checks."""
    return read_estate(resources.files(__package__) / "estate.yaml")


def hardened_estate() -> Estate:
    """A small account in good order, for what an account can have only once."""
    return read_estate(resources.files(__package__) / "estate-hardened.yaml")


def twins_estate() -> Estate:
    """An account that holds the same flaws several times, where somebody else answers for each."""
    return read_estate(resources.files(__package__) / "estate-twins.yaml")


def new_estate() -> Estate:
    """An account on its first day: nobody has set anything up, no trail, no buckets, no second factor."""
    return Estate(account="555566667777", root=Root(mfa=False, password_last_used_days_ago=0))


def read_estate(path: Path | Traversable) -> Estate:
    """Read an estate file and fill in `{account}`; DataError says where it does not fit."""
    return filled(load(path, Estate))


def filled(estate: Estate) -> Estate:
    """The estate with its own number wherever a text says `{account}`."""
    return msgspec.convert(_filled(msgspec.to_builtins(estate), estate.account), Estate)


def _filled(tree: Any, account: str) -> Any:
    match tree:
        case str():
            return tree.replace("{account}", account)
        case dict():
            return {key: _filled(value, account) for key, value in tree.items()}
        case list() | tuple():
            return [_filled(value, account) for value in tree]
        case _:
            return tree

"""`ourside access`: questions about access that documents alone answer; no cloud is asked."""

from __future__ import annotations

import click

from scanner.cli.access.authorize import authorize
from scanner.cli.access.diff import diff
from scanner.cli.access.judge import judge


@click.group()
def access() -> None:
    """Judge policies and requests from documents alone, offline.

    For questions about an account that was read, see `ourside who-can` and `ourside why`.
    """


for command in (judge, authorize, diff):
    access.add_command(command)

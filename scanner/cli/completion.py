"""`ourside completion`: the script that completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a shell, for both `ourside` and `scan`.

    For example: ourside completion bash > ~/.local/share/bash-completion/completions/ourside
    """
    from scanner.cli.app import ourside
    from scanner.cli.scan.command import scan

    make = get_completion_class(shell)
    if make is None:
        raise click.UsageError(f"no completion for {shell}")
    for name, command in (("ourside", ourside), ("scan", scan)):
        click.echo(make(command, {}, name, f"_{name.upper()}_COMPLETE").source())

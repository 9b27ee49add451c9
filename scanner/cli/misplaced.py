"""Options that were typed and mean nothing beside others that were: said, rather than passed over in silence."""

from __future__ import annotations

from collections.abc import Collection

import click
from click.core import ParameterSource

from scanner.cli import doors
from scanner.cli.exits import Exit, Stop

READING = ("region", "account", "call_timeout", "time_limit", "who_changed", "resume", "resume_within", "wait")
"""How a cloud is read, besides the options of providers."""


def refuse_misplaced(also_of_snapshots: Collection[str] = ()) -> None:
    """Stop where the running command was told something that what it reads does not listen to.

    What a variable or a file of options says is how the machine is set up, and no slip. `also_of_snapshots`: more
    options that say nothing of a snapshot.
    """
    ctx = click.get_current_context()
    options = {option.name: max(option.opts, key=len) for option in ctx.command.params if option.name}
    typed = [name for name in options if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    whose = {
        option.name.replace("-", "_"): provider.name
        for provider in reversed(list(doors.providers().values()))
        for option in provider.options
    }
    of_providers = [name for name in typed if name in whose]
    name = ctx.params.get("provider")
    if ctx.params.get("snapshot") is not None:
        strange = [each for each in typed if each in (*READING, *also_of_snapshots, *whose)]
        why = "asks no cloud"
        given = "--snapshot"
    elif ctx.params.get("demo") is not None:
        strange, given, why = of_providers, "--demo", "signs in by itself"
    elif name is not None:
        own = {option.name.replace("-", "_") for option in doors.provider(name).options}
        strange = [each for each in of_providers if each not in own]
        given, why = (
            f"--provider {name}",
            f"takes no option of {' or '.join(sorted({whose[each] for each in strange}))}",
        )
    else:
        return
    if strange:
        raise Stop(Exit.USAGE, f"{given} {why}: leave out {', '.join(options[each] for each in strange)}")

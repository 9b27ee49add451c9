"""What `who-can` and `why` are asked about: an account that is read now, as `scan` reads it, or a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli import doors
from scanner.cli.access.asking import ask, sure
from scanner.cli.config.options import estate_config_option
from scanner.cli.duration import Duration
from scanner.cli.exits import Exit, Stop
from scanner.cli.misplaced import refuse_misplaced
from scanner.cli.options import call_timeout_option, choice_of, demo_providers, flat, provider_options, settings_of
from scanner.cli.scan.progress import Progress

if TYPE_CHECKING:
    from scanner.facts import Every
    from scanner.model import Estate
    from scanner.questions import AccessEngine

FORMATS = ("table", "json")
_OPTIONS: Sequence[Callable[[Callable[..., Any]], Callable[..., Any]]] = (
    estate_config_option,
    click.option(
        "--snapshot",
        type=click.Path(path_type=Path),
        is_eager=True,
        help="Ask a snapshot that `scan` saved, offline.",
    ),
    click.option(
        "--provider", type=click.Choice(sorted(doors.providers())), help="Read this cloud, or this of a snapshot."
    ),
    provider_options,
    choice_of(
        ("region", "REGION", "Only these regions, and what belongs to none. Repeats, takes commas."),
        ("account", "ID", "Only these accounts. Repeats, takes commas."),
    ),
    click.option("--demo", metavar="CLOUD", is_eager=True, help="Read an emulated account on this machine."),
    click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How it is printed."),
    click.option("--allow-partial", is_flag=True, help="Exit 0 even if something could not be read."),
    call_timeout_option,
    click.option("--time-limit", metavar="SECONDS", type=Duration(0.1), help="The longest that reading may take."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors."),
    click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is done."),
)


def estate_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which account or snapshot is asked about, and how the answer is printed."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read_estates(values: Mapping[str, Any], progress: Progress) -> tuple[AccessEngine, Sequence[Estate]]:
    """What the options name, read, and the engine that answers questions about it."""
    name, demo, snapshot = values["provider"], values["demo"], values["snapshot"]
    refuse_misplaced(also_of_snapshots=("demo",))
    if snapshot is not None:
        return saved_estates(snapshot, name)
    if demo is not None:
        demos = demo_providers(demo)
        if name and name != demos[0][0]:
            raise Stop(Exit.USAGE, "choose one of --provider, --demo and --snapshot")
        if len(demos) > 1:
            raise Stop(Exit.USAGE, f"a question is about one cloud: --demo {'|'.join(each for _, each in demos)}")
        ((name, _),) = demos
    if name is None:
        clouds = "|".join(doors.providers())
        raise Stop(Exit.USAGE, f"say what to ask: --snapshot FILE (see scan --save-snapshot), or --provider {clouds}")
    engine = doors.engine(name)
    return engine, _read(name, engine, values, progress)


def saved_estates(path: Path, provider: str | None) -> tuple[AccessEngine, Sequence[Estate]]:
    """The estates of a snapshot that are one provider's, and its engine."""
    from scanner.cli.scan.run import estates_of

    estates = estates_of(path)
    held = sorted({estate.scope.provider for estate in estates})
    if provider is None and len(held) > 1:
        raise Stop(Exit.USAGE, f"{path}: holds scopes of {' and '.join(held)}: say whose are meant with --provider")
    chosen = [estate for estate in estates if provider in (None, estate.scope.provider)]
    if not chosen:
        raise Stop(
            Exit.USAGE, f"{path}: holds nothing of {provider or 'any provider'}: it is of {', '.join(held) or 'none'}"
        )
    return doors.engine(chosen[0].scope.provider), chosen


def reads_of(engine: AccessEngine) -> Sequence[Every]:
    """What questions about estates look at."""
    return engine.reads()


def _read(name: str, engine: AccessEngine, values: Mapping[str, Any], progress: Progress) -> Sequence[Estate]:
    from scanner.cli.scan.signing_in import Where, collecting
    from scanner.plan import Plan
    from scanner.schedule import Limits

    provider = doors.provider(name)
    demo = demo_providers(values["demo"])[0][1] if values["demo"] else None
    limits = Limits(attempt=values["call_timeout"], scan=values["time_limit"])
    where = Where(flat(values["region"]), flat(values["account"]))
    plan = Plan.reading(sure(ask(reads_of, engine)), provider.kinds())
    with ExitStack() as stack:
        settings = stack.enter_context(provider.demo(demo)) if demo else settings_of(name, values)
        reading = collecting(plan, provider, settings, where, limits, progress.note, progress.announce)
        _, collection = stack.enter_context(reading)
        collection.progress = progress.count
        return list(collection)

"""Options that several commands share, and the values they may take."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click

from scanner.check import SEVERITIES, Check, Severity
from scanner.cli import doors
from scanner.cli.config.in_use import written_at
from scanner.cli.duration import Duration
from scanner.cli.exits import Exit, Stop
from scanner.provider import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Many(click.ParamType[tuple[str, ...]]):
    """Values separated by commas."""

    name = "list"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split; a tuple stays what it is."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return tuple(value)


def flat(values: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The values of an option that repeats and takes commas."""
    return tuple(dict.fromkeys(value for part in values for value in part))


def choice_of(*options: tuple[str, str, str]) -> Decorator:
    """Options that repeat and take commas, from (name, metavar, help)."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name, metavar, text in reversed(options):
            function = click.option(f"--{name}", name, type=Many(), multiple=True, metavar=metavar, help=text)(function)
        return function

    return decorate


CHECK_CHOICE = (
    ("check", "ID", "Only these checks; `*` matches any text. Repeats, takes commas."),
    ("duty", "DUTY", "Only checks of these duties, such as data.public-access or `logging.*`."),
    ("framework", "ID", "Only checks that bear on controls of these frameworks; see: ourside framework list."),
)


call_timeout_option: Decorator = click.option(
    "--call-timeout",
    metavar="SECONDS",
    type=Duration(0.1),
    default=15.0,
    show_default=True,
    help="The longest that one call may take.",
)


class ProviderOption(click.Option):
    """An option that an installed provider brings."""

    def __init__(self, *args: Any, provider: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.provider = provider


def provider_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that installed providers bring."""
    brought = {
        option.name: (provider.name, option)
        for provider in reversed(list(doors.providers().values()))
        for option in reversed(provider.options)
    }
    for name, (provider, option) in brought.items():
        function = click.option(
            f"--{name}",
            name.replace("-", "_"),
            cls=ProviderOption,
            provider=provider,
            type=click.Choice(option.values) if option.values else Many() if option.many else str,
            multiple=option.many,
            metavar=None if option.values else option.metavar,
            envvar=option.environment,
            help=f"{option.help}{' Repeats, takes commas.' if option.many else ''}",
        )(function)
    return function


class CloudCommand(click.Command):
    """A command whose help tells the options of each provider below those of all."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them in sections."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            title = f"Options of {option.provider}" if isinstance(option, ProviderOption) else "Options"
            if record is not None:
                sections.setdefault(title, []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


def settings_of(provider_name: str, values: Mapping[str, Any]) -> Settings:
    """The values that were given for a provider's options."""
    options = doors.provider(provider_name).options
    given = {option.name: values.get(option.name.replace("-", "_")) for option in options}
    joined = {name: ",".join(flat(value)) if isinstance(value, tuple) else value for name, value in given.items()}
    return {name: str(value) for name, value in joined.items() if value not in (None, "")}


def demo_providers(demo: str) -> list[tuple[str, str]]:
    """The emulated accounts that `--demo` asks for, each by its provider and its name; Stop where there are none."""
    brought = {name: each for each, provider in doors.providers().items() for name in provider.demos}
    if demo == "all":
        return [(each, name) for name, each in brought.items() if name == each]
    if demo not in brought:
        choice = "|".join([*sorted(brought, key=lambda name: name != brought[name]), "all"])
        raise Stop(Exit.USAGE, f"there is no emulated account for {demo!r}: --demo {choice}")
    return [(brought[demo], demo)]


def demos_chosen(provider: str | None, demo: str | None, snapshot: object | None) -> list[tuple[str, str]]:
    """The emulated accounts that `scan` is to read; Stop where it is to read something else as well."""
    demos = demo_providers(demo) if demo is not None else []
    if demos and (snapshot is not None or (provider and provider != demos[0][0])):
        raise Stop(Exit.USAGE, f"{written_at('demo')}choose one of --provider, --demo and --snapshot")
    return demos


def choose_checks(
    wanted: Sequence[str],
    duties: Sequence[str] = (),
    at_least: Severity | None = None,
    frameworks: Sequence[str] = (),
) -> list[Check[Any]]:
    """The checks that the options name; Stop where a name matches none."""
    installed = doors.checks()
    chosen = list(installed.values())
    if wanted:
        ids = {id_ for name in wanted for id_ in matching("check", name, list(installed))}
        chosen = [check for check in chosen if check.id in ids]
    if duties:
        known = sorted({check.duty for check in installed.values()})
        names = {duty for name in duties for duty in matching("duty", name, known)}
        chosen = [check for check in chosen if check.duty in names]
    if at_least is not None:
        worst = SEVERITIES[: SEVERITIES.index(at_least) + 1]
        chosen = [check for check in chosen if check.severity in worst]
    if frameworks:
        bearing = _bearing_on(frameworks)
        chosen = [check for check in chosen if check.id in bearing]
    if not chosen:
        raise Stop(Exit.USAGE, "no check is left by --check, --duty, --severity and --framework together")
    return chosen


def _bearing_on(frameworks: Sequence[str]) -> set[str]:
    """The ids of checks that bear on controls of these frameworks."""
    from scanner.cli.frameworks import installed_frameworks
    from scanner.cli.planning import model_of

    known = installed_frameworks(model_of(list(doors.providers())))
    names = {each for name in frameworks for each in matching("framework", name, list(known), "ourside framework list")}
    return {check for name in names for check in known[name].checks}


def matching(what: str, name: str, known: Sequence[str], see: str = "ourside checks list") -> list[str]:
    """The known names that a name or pattern stands for; Stop where there is none."""
    found = [candidate for candidate in known if fnmatch.fnmatchcase(candidate, name)]
    if not found:
        near = get_close_matches(name, known, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"See: {see}"
        raise Stop(Exit.USAGE, f"{written_at(what)}unknown {what} {name!r}. {hint}")
    return found


def severity_option(name: str, text: str) -> Decorator:
    """An option that takes a severity."""
    return click.option(name, type=click.Choice(SEVERITIES), help=text)

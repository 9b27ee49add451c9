"""`ourside`: everything; each command is loaded when it is called."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "scan": (
        "scanner.cli.scan.command",
        "Scan a cloud account, judge it, and attribute each finding to a duty of yours.",
    ),
    "checks": ("scanner.cli.checks", "List the installed checks, or show one."),
    "matrix": ("scanner.cli.matrix.command", "Show who is responsible for what, and what is known of it."),
    "deliver": ("scanner.cli.deliver.command", "Send what waits for sinks; say what waits, and why; try a sink."),
    "gaps": ("scanner.cli.matrix.gaps", "List duties without check, owner or answer, and promises that have run out."),
    "framework": ("scanner.cli.framework.command", "Follow a framework's controls to duties, checks and owners."),
    "explain": ("scanner.cli.explain.command", "Explain a duty, a check, a finding, a type of resource or a control."),
    "route": ("scanner.cli.route.command", "Say who acts when something has happened: we or the provider."),
    "tabletop": ("scanner.cli.tabletop.command", "Draw an exercise from what is open now."),
    "findings": ("scanner.cli.findings.command", "List findings: what is open, whose it is and by when."),
    "owners": (
        "scanner.cli.owners.command",
        "Say who answers for what: lint the owners file, show it at work, split findings.",
    ),
    "exceptions": ("scanner.cli.owners.exceptions", "Say which failures are accepted, until when, and why one is not."),
    "init": ("scanner.cli.init", "Write files of owners, exceptions, attestations and contract to begin with."),
    "diff": ("scanner.cli.findings.diff", "Say what became of failures between two scans, files or snapshots."),
    "trend": ("scanner.cli.findings.trend", "Show how failures come and go, by duty or by owner."),
    "permissions": ("scanner.cli.permissions", "Print the least privileges that the chosen checks need."),
    "whoami": ("scanner.cli.whoami", "Say who the credentials belong to, and what would be scanned."),
    "access": ("scanner.cli.access.command", "Judge policies and requests from documents alone, offline."),
    "who-can": ("scanner.cli.access.who_can", "List everybody who can do an action on a resource."),
    "why": ("scanner.cli.access.why", "Say why a principal can or cannot do an action on a resource."),
    "config": ("scanner.cli.config.command", "Show where options' values come from; check the file of options."),
    "completion": ("scanner.cli.completion", "Print the completion script for a shell."),
}


class Lazy(click.Group):
    """A group that loads a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name][0]), name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ourside", prog_name="ourside")
def ourside() -> None:
    """Find what is wrong on your side of the cloud's shared responsibility, and whose duty it is."""

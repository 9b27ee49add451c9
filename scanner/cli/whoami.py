"""`ourside whoami`: who would scan what."""

from __future__ import annotations

from typing import Any

import click

from scanner.attempt import attempt
from scanner.cli import doors
from scanner.cli.misplaced import refuse_misplaced
from scanner.cli.options import CloudCommand, provider_options, settings_of
from scanner.cli.scan.signing_in import told_in_one_line
from scanner.report.visible import visible
from scanner.schedule import Limits


@click.command(cls=CloudCommand)
@click.option("--provider", type=click.Choice(sorted(doors.providers())), required=True, help="The cloud.")
@provider_options
def whoami(**values: Any) -> None:
    """Say who the credentials belong to, where they were found, and what they would scan."""
    provider = doors.provider(values["provider"])
    calls = provider.session_calls(regional=True)
    refuse_misplaced()
    with told_in_one_line(provider):
        session = provider.connect(settings_of(provider.name, values), calls, Limits().attempt)
        target = session.target((), (), regional=True)
    identity = session.identity
    click.echo(f"provider    {identity.provider} ({identity.partition})")
    click.echo(f"account     {identity.account}")
    click.echo(f"principal   {visible(identity.principal)}")
    click.echo(f"credentials {visible(identity.source)}")
    for scope in target.scopes:
        click.echo(visible(f"scope       {scope.uid}{f' ({scope.name})' if scope.name not in scope.uid else ''}"))
        if scope.regions:
            click.echo(f"regions     {', '.join(scope.regions)}")
    for scope, unread in target.unread:
        needs = f"; needs {', '.join(unread.needs)}" if unread.needs else ""
        click.echo(visible(f"not whole   {scope.name or scope.uid}: {unread.detail or unread.why}{needs}"))
    attempt(session.close)  # all is said

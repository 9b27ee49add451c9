"""`ourside permissions`: the least that a scan must be allowed."""

from __future__ import annotations

from typing import Any

import click

from scanner.check import SEVERITIES
from scanner.cli import doors
from scanner.cli.access_asking import ask, sure
from scanner.cli.access_estates import reads_of
from scanner.cli.options import CHECK_CHOICE, choice_of, choose_checks, flat
from scanner.cli.run import model_of, plan_of
from scanner.plan import Plan


@click.command()
@click.option("--provider", type=click.Choice(sorted(doors.providers())), required=True, help="The cloud.")
@choice_of(*CHECK_CHOICE)
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only checks of at least this severity.")
@click.option("--access", is_flag=True, help="What `who-can` and `why` read, and no check.")
def permissions(**values: Any) -> None:
    """Print the document, in the provider's own format, that grants what the chosen checks need and no more."""
    provider = doors.provider(values["provider"])
    if values["access"]:
        plan = Plan.reading(sure(ask(reads_of, doors.engine(provider.name))), provider.kinds())
    else:
        chosen = choose_checks(
            flat(values["check"]), flat(values["duty"]), values["severity"], flat(values["framework"])
        )
        plan = plan_of(chosen, provider.kinds(), model_of([provider.name]))
    calls = provider.session_calls(regional=plan.regional)
    own = {permission for call in calls for permission in call.permissions}
    click.echo(provider.policy(sorted({*plan.permissions(), *own})))

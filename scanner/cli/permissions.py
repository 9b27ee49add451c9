"""`ourside permissions`: the least that a scan must be allowed."""

from __future__ import annotations

from typing import Any

import click

from scanner.check import SEVERITIES
from scanner.cli import doors
from scanner.cli.access.asking import ask, sure
from scanner.cli.access.estates import reads_of
from scanner.cli.accountability_options import accountability_of, accountability_options
from scanner.cli.config.options import shared_config_option
from scanner.cli.options import CHECK_CHOICE, choice_of, choose_checks, flat
from scanner.cli.planning import model_of, plan_of
from scanner.facts import Call
from scanner.placing import placing_calls
from scanner.plan import Plan


@click.command()
@click.option("--provider", type=click.Choice(sorted(doors.providers())), required=True, help="The cloud.")
@choice_of(*CHECK_CHOICE)
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only checks of at least this severity.")
@click.option("--access", is_flag=True, help="What `who-can` and `why` read, and no check.")
@click.option("--who-changed", is_flag=True, help="What `scan --who-changed` asks of audit logs, too.")
@accountability_options
@shared_config_option
def permissions(**values: Any) -> None:
    """Print the document, in the provider's own format, that grants what the chosen checks need and no more.

    With --owners and --exceptions it grants what these files make a scan ask for, too: what accounts lie in, and tags
    where a rule looks at them.
    """
    provider = doors.provider(values["provider"])
    if values["access"]:
        plan = Plan.reading(sure(ask(reads_of, doors.engine(provider.name))), provider.kinds())
        placing: tuple[Call, ...] = ()
    else:
        chosen = choose_checks(
            flat(values["check"]), flat(values["duty"]), values["severity"], flat(values["framework"])
        )
        people = accountability_of(values)
        plan = plan_of(
            chosen,
            provider.kinds(),
            model_of([provider.name]),
            tagged=people.needs_tags,
            changed=values["who_changed"],
        )
        placing = placing_calls(provider) if people.needs_places else ()
    calls = [*provider.session_calls(regional=plan.regional), *placing]
    own = {permission for call in calls for permission in call.permissions}
    click.echo(provider.policy(sorted({*plan.permissions(), *own})))

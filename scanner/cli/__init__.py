"""The command line: the only room that sees all doors."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from scanner.cli.exits import Exit, Stop
from scanner.cli.streams import Unwritten, drop_stdout, open_streams

if TYPE_CHECKING:
    import click

    from scanner.cli.summary_line import Summary


def main() -> None:
    """Run `ourside`."""
    from scanner.cli.summary_line import Summary

    open_streams()
    with Summary() as summary, _Defects():
        from scanner.cli.app import ourside

        _run(ourside, "ourside", summary)


def scan_main() -> None:
    """Run `scan`, the main job."""
    from scanner.cli.summary_line import Summary

    open_streams()
    with Summary() as summary, _Defects():
        from scanner.cli.scan.command import scan

        _run(scan, "scan", summary)


class _Defects:
    """Leaves with a code of its own after a failure that nobody foresaw: Python's 1 says that `--fail-on` is met."""

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            sys.excepthook(type(error), error, trace)
            sys.exit(_say("error: this is a defect of ours: please report it with the lines above", Exit.INTERNAL))
        if isinstance(error, KeyboardInterrupt):  # while a command was loaded
            sys.exit(_say("interrupted: nothing was done", Exit.INTERRUPTED))


def _run(command: click.Command, name: str, summary: Summary) -> None:
    """Run a command and leave with its exit code; whatever ends it ends in one line."""
    import click

    from scanner.report.scratch import ScratchError

    try:
        outcome = _called(command, name, summary)
        code = outcome if isinstance(outcome, int) else Exit.COMPLETE
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        code = Exit(end.exit_code)
    except click.exceptions.Abort:
        code = _say("interrupted", Exit.INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        code = _say(error.format_message(), Exit.USAGE)
    except click.UsageError as error:
        hint = f"\nTry '{error.ctx.command_path} --help'." if error.ctx else ""
        code = _say(f"error: {error.format_message()}{hint}", Exit.USAGE)
    except click.ClickException as error:
        code = _say(f"error: {error.format_message()}", Exit.USAGE)
    except Stop as stop:
        code = _say(stop.line, stop.code)
    except KeyboardInterrupt:
        code = _say("interrupted: nothing was written", Exit.INTERRUPTED)
    except ScratchError as lost:
        code = _say(f"error: {lost}", Exit.NOT_DELIVERED)
    except Unwritten as lost:
        code = Exit.COMPLETE
        if not lost.reader_has_enough:
            code = _say(f"error: {lost}", Exit.NOT_DELIVERED)
        drop_stdout()
    sys.exit(int(code))


def _called(command: click.Command, name: str, summary: Summary) -> object:
    if f"_{name.upper()}_COMPLETE" in os.environ:  # a shell asks what may come next
        return command.main(prog_name=name)
    # Not by its main, which takes whatever breaks a pipe or ends a file for the end of our own output or input.
    with command.make_context(name, sys.argv[1:], obj=summary) as ctx:
        return command.invoke(ctx)


def _say(text: str, code: Exit) -> Exit:
    from scanner.report.visible import visible

    for line in text.splitlines():
        print(visible(line), file=sys.stderr)  # what a cloud has answered may stand in it
    return code

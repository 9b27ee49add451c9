"""The command line: the only room that sees all doors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from types import TracebackType

from scanner.cli.exits import Exit, Stop


def main() -> None:
    """Run `ourside`."""
    from scanner.cli.summary_line import Summary

    with Summary() as summary, _Defects():
        from scanner.cli.app import ourside

        _run(lambda: ourside.main(prog_name="ourside", standalone_mode=False, obj=summary))


def scan_main() -> None:
    """Run `scan`, the main job."""
    from scanner.cli.summary_line import Summary

    with Summary() as summary, _Defects():
        from scanner.cli.scan.command import scan

        _run(lambda: scan.main(prog_name="scan", standalone_mode=False, obj=summary))


class _Defects:
    """Leaves with a code of its own after a failure that nobody foresaw: Python's 1 says that `--fail-on` is met."""

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            sys.excepthook(type(error), error, trace)
            sys.exit(_say("error: this is a defect of ours: please report it with the lines above", Exit.INTERNAL))


def _run(command: Callable[[], object]) -> None:
    """Run a command and leave with its exit code; whatever ends it ends in one line."""
    import click

    stdout = sys.stdout
    if isinstance(stdout, io.TextIOWrapper):
        stdout.reconfigure(errors="backslashreplace")  # a name that the locale cannot show must not end the report
    try:
        outcome = command()
        code = outcome if isinstance(outcome, int) else Exit.COMPLETE
        sys.stdout.flush()
    except SystemExit as end:
        # Where the reader of our output has closed the pipe, click wraps stdout and ends with 1; for us it is no error.
        gone = sys.stdout is not stdout
        code = Exit.COMPLETE if gone else Exit(end.code if isinstance(end.code, int) else Exit.COMPLETE)
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
    except BrokenPipeError:
        code = _drop_output(Exit.COMPLETE)
    except OSError as error:
        code = _drop_output(_say(f"error: the output could not be written: {error.strerror}", Exit.NOT_DELIVERED))
    sys.exit(int(code))


def _drop_output(code: Exit) -> Exit:
    # What is still buffered goes nowhere: Python would fail on it once more while it shuts down.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _say(text: str, code: Exit) -> Exit:
    print(text, file=sys.stderr)
    return code

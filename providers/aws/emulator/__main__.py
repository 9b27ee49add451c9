"""`python -m providers.aws.emulator`: an emulator for other processes, until SIGTERM or SIGINT."""

import argparse
import json
import signal
import sys
from pathlib import Path

from providers.aws.emulator import Emulator, hardened_estate, read_estate
from scanner.document import DataError


def main() -> int:
    """Print one JSON line, {"url", "account", "environment"}, and answer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m providers.aws.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--estate", type=Path, help="an estate file; the demo account if not given")
    choice.add_argument("--hardened", action="store_true", help="the small account in good order")
    options = parser.parse_args()
    # Blocked before any thread starts, so that the signal waits for sigwait instead of killing the process.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        estate = read_estate(options.estate) if options.estate else hardened_estate() if options.hardened else None
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    with Emulator(estate, port=options.port) as aws:
        print(json.dumps({"url": aws.url, "account": aws.account, "environment": aws.environment()}), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    sys.exit(main())

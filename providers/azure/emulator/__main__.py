"""`python -m providers.azure.emulator`: an emulator for other processes, until SIGTERM or SIGINT."""

import argparse
import json
import signal
import sys
from pathlib import Path

from providers.azure.emulator import Emulator, hardened_estate, read_estate
from providers.azure.emulator.size import big_estate
from scanner.document import DataError


def main() -> int:
    """Print one JSON line, {"url", "tenant", "environment", "ca_file"}, and answer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m providers.azure.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--plain", action="store_true", help="speak http instead of https")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--estate", type=Path, help="an estate file; the demo tenant if not given")
    choice.add_argument("--hardened", action="store_true", help="the small tenant in good order")
    choice.add_argument("--subscriptions", type=int, help="a tenant of so many subscriptions with 100 resources each")
    options = parser.parse_args()
    # Blocked before any thread starts, so that the signal waits for sigwait instead of killing the process.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        estate = read_estate(options.estate) if options.estate else hardened_estate() if options.hardened else None
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    if options.subscriptions is not None:
        estate = big_estate(subscriptions=options.subscriptions)
    with Emulator(estate, port=options.port, tls=not options.plain) as azure:
        told = {"url": azure.url, "tenant": azure.estate.tenant.id, "environment": azure.environment()}
        print(json.dumps(told | ({} if options.plain else {"ca_file": azure.ca_file})), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m providers.gcp.emulator`: an emulator for other processes, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from providers.gcp.emulator import Emulator, read_estate
from scanner.document import DataError


def main() -> int:
    """Print one JSON line, {"url", "environment"}, and answer until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m providers.gcp.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--estate", type=Path, help="an estate file; the demo organization if not given")
    options = parser.parse_args()
    # Blocked before any thread starts, so that the signal waits for sigwait instead of killing the process.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        estate = read_estate(options.estate) if options.estate else None
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    with Emulator(estate, port=options.port) as cloud:
        print(json.dumps({"url": cloud.url, "environment": cloud.environment()}), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    sys.exit(main())

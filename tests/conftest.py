"""Settings of all tests."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

from tests.effort import FULL

# The ordinary suite tries the same examples each time; the long runs, new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("new", deadline=None)
settings.load_profile("new" if os.environ.get(FULL) == "full" else "same")

# What the machine's user has set up must change no test.
os.environ["OURSIDE_CONFIG"] = "off"

# Whoever is started in the background by a shell ignores Ctrl-C, and so would the commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

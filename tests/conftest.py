"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

from tests.effort import FULL

# The ordinary suite tries the same examples each time; the long runs, new ones.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("new", deadline=None)
settings.load_profile("new" if os.environ.get(FULL) == "full" else "same")

# What the machine's user has set up must change no test.
os.environ["OURSIDE_CONFIG"] = "off"

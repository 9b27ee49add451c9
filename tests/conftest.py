"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# Where a change has to pass, the same examples are tried each time; elsewhere, and in the long runs, new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# What the machine's user has set up must change no test.
os.environ["OURSIDE_CONFIG"] = "off"

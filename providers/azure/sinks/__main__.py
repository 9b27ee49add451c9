"""Print the template of what Sentinel needs: `python -m providers.azure.sinks > sentinel.json`."""

from __future__ import annotations

import sys

from providers.azure.sinks.template import text

sys.stdout.write(text())

"""The cost of judging: microseconds per check and resource, and memory per resource, for 100,000 resources.

Limits: 10 microseconds per simple check and resource, 4 KB per resource, 600 MB for the process as a whole. The
resources are buckets, each with eight facts of its own, made by hand: nothing is asked or read from a file.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from checks import all_checks

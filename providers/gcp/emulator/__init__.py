"""Google Cloud on loopback, for the demo and the tests: one tree of resources behind the routes of Google's APIs.

`with Emulator() as cloud:` and a scanner whose endpoint is `cloud.url` finds the organization of `estate.yaml`.

A new method takes its id in `discovery/methods.py`, a run of `discovery/reduce.py`, and a row in `answers/table.py`; a
new kind of resource takes a row in `kinds.py`. The tests then hold what is answered against the published schemas.

Known to be simpler than Google: searches know few fields, organisation policies with conditions or tags are merged as
they are, and what a caller may do comes from the estate's `principals`, not from its IAM policies. A parameter that
would change an answer and is not kept here is refused and noted in `unimplemented`.
"""

from providers.emulation.faults import Faults, Rule
from providers.gcp.emulator.emulator import Emulator, Operation, Unimplemented
from providers.gcp.emulator.estate import Entry, Estate, Folder, Organization, Principal, Project
from providers.gcp.emulator.estate_file import default_estate, read_estate
from providers.gcp.emulator.size import big_estate

__all__ = [
    "Emulator",
    "Entry",
    "Estate",
    "Faults",
    "Folder",
    "Operation",
    "Organization",
    "Principal",
    "Project",
    "Rule",
    "Unimplemented",
    "big_estate",
    "default_estate",
    "read_estate",
]

"""Google Cloud on loopback, for the demo and the tests: one tree of resources behind the routes of Google's APIs.

`with Emulator() as cloud:` and a scanner whose endpoint is `cloud.url` finds the organization of `estate.yaml`.
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

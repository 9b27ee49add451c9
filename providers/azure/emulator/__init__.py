"""An Azure tenant on loopback, for the demo and the tests: sign-in, management API, Resource Graph, Microsoft Graph.

`with Emulator() as azure:` and the ordinary SDK, pointed at `azure.url`, finds the tenant that `estate.yaml` describes.
"""

from providers.azure.emulator.emulator import Emulator, Unimplemented
from providers.azure.emulator.estate import Estate
from providers.azure.emulator.estate_file import default_estate, hardened_estate, read_estate
from providers.azure.emulator.wire import Operation
from providers.emulation.faults import Faults, Rule

__all__ = [
    "Emulator",
    "Estate",
    "Faults",
    "Operation",
    "Rule",
    "Unimplemented",
    "default_estate",
    "hardened_estate",
    "read_estate",
]

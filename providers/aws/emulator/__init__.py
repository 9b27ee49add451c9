"""An AWS account on loopback, for the demo and the tests: moto behind a fast server, with repairs, denials and faults.

`with Emulator() as aws:` and the ordinary SDK, pointed at `aws.url`, finds the account that `estate.yaml` describes.
"""

from providers.aws.emulator.emulator import Emulator, Unimplemented
from providers.aws.emulator.estate import Estate
from providers.aws.emulator.estate_file import default_estate, hardened_estate, new_estate, read_estate, twins_estate
from providers.aws.emulator.faults import Faults, Rule
from providers.aws.emulator.rehearsal import Rehearsal, rehearsal
from providers.aws.emulator.wire import Operation

__all__ = [
    "Emulator",
    "Estate",
    "Faults",
    "Operation",
    "Rehearsal",
    "Rule",
    "Unimplemented",
    "default_estate",
    "hardened_estate",
    "new_estate",
    "read_estate",
    "rehearsal",
    "twins_estate",
]

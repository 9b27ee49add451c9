"""Filling moto with an estate: through its backends, in this process, one item after the other.

Not through the API: moto's IAM breaks under concurrent writes, and a client costs more than all of the seeding.
"""

from providers.aws.emulator.account import Account
from providers.aws.emulator.seed.identities import seed_identities
from providers.aws.emulator.seed.keys import seed_keys
from providers.aws.emulator.seed.storage import seed_storage
from providers.aws.emulator.seed.trails import seed_trails


def seed(account: Account) -> None:
    """Make the account's world hold what its estate says."""
    with account.world.entered():
        seed_keys(account)
        seed_storage(account)
        seed_identities(account)
        seed_trails(account)

"""Customer-managed KMS keys and their aliases."""

from moto.kms.models import kms_backends

from providers.aws.emulator.account import Account


def seed_keys(account: Account) -> None:
    """Create the estate's keys; a key's id follows from its alias, so that it is the same in every run."""
    for item in account.estate.keys:
        backend = kms_backends[account.number][item.region]
        key = backend.create_key(
            policy=None,
            key_usage="ENCRYPT_DECRYPT",
            key_spec="SYMMETRIC_DEFAULT",
            description=item.alias,
            tags=None,
        )
        arn = account.key_arn(item.alias)
        del backend.keys[key.id]
        key.id = arn.rpartition("/")[2]
        key.arn = arn
        backend.keys[key.id] = key
        backend.create_alias(key.id, f"alias/{item.alias}")

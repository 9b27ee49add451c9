"""AWS. Importing this loads no SDK."""

from providers.aws.provider import PROVIDER

__all__ = ["PROVIDER"]

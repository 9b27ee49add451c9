"""Azure. Importing this loads no SDK."""

from providers.azure.provider import PROVIDER

__all__ = ["PROVIDER"]

"""Google Cloud. Importing this loads no SDK."""

from providers.gcp.provider import PROVIDER

__all__ = ["PROVIDER"]

"""How a session is opened: credentials as the AWS CLI resolves them, endpoints as the AWS configuration names them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore import exceptions as sdk
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.utils import JSONFileCache

from scanner.loopback import is_loopback
from scanner.provider import SessionError, SettingError, Settings

CLI_CACHE = "~/.aws/cli/cache"


def open_session(settings: Settings) -> boto3.Session:
    """A session with the credentials of the settings; SessionError where the configuration cannot be read."""
    profile = settings.get("profile")
    try:
        session = boto3.Session(
            profile_name=profile,
            aws_access_key_id=settings.get("access-key-id"),
            aws_secret_access_key=settings.get("secret-access-key"),
            region_name=settings.get("home-region") or os.environ.get("AWS_REGION"),
        )
    except sdk.ProfileNotFound as error:
        raise SessionError(_unknown_profile(profile or "", boto3.Session().available_profiles)) from error
    except sdk.ConfigParseError as error:
        raise SessionError(f"the AWS configuration cannot be read: {error}") from error
    resolver = session._session.get_component("credential_provider")
    if "assume-role" in [provider.METHOD for provider in resolver.providers]:
        # The AWS CLI's own cache, so that a second factor is asked for once and not at every scan.
        resolver.get_provider("assume-role").cache = JSONFileCache(str(Path(CLI_CACHE).expanduser()))
    return session


def configured_endpoint(session: boto3.Session, service: str) -> str | None:
    """Where the environment or the configuration says that a service is."""
    core = session._session
    if core.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    provider = ConfiguredEndpointProvider(core.full_config, core.get_scoped_config(), service)
    endpoint: str | None = provider.provide()
    return endpoint


def refuse_plain_text(endpoint: str, service: str) -> None:
    """SettingError where signed requests would go in plain text to anything but this machine."""
    if endpoint.startswith("http://") and not is_loopback(urlsplit(endpoint).hostname or ""):
        raise SettingError(
            f"the endpoint {endpoint} for {service} is plain http to another machine: use https, "
            "or take it out of AWS_ENDPOINT_URL and the AWS configuration"
        )


def sign_in(session: boto3.Session, otherwise: str = "choose another one with --profile") -> str:
    """What to do where its credentials are not usable; `otherwise`: how another profile is named."""
    profile = session.profile_name
    config = session._session.full_config.get("profiles", {}).get(profile, {})
    named = "" if profile == "default" else f" --profile {profile}"
    if "sso_session" in config or "sso_start_url" in config:
        return f"Run: aws sso login{named}"
    return f"Run: aws configure{named}, or {otherwise}"


def _unknown_profile(profile: str, known: Sequence[str]) -> str:
    near = get_close_matches(profile, known, 1)
    if near:
        return f"the AWS profile {profile!r} does not exist: did you mean {near[0]!r}?"
    names = ", ".join(sorted(known)) or "none"
    return f"the AWS profile {profile!r} does not exist (profiles: {names}). Run: aws configure --profile {profile}"

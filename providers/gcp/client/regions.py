"""The regions and multi-regions that --region may name: a mistyped one would leave everything out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from scanner.provider import SettingError

# https://cloud.google.com/about/locations https://cloud.google.com/storage/docs/locations
_NUMBERED: Final = {
    "africa-south": (1,),
    "asia-east": (1, 2),
    "asia-northeast": (1, 2, 3),
    "asia-south": (1, 2),
    "asia-southeast": (1, 2, 3),
    "australia-southeast": (1, 2),
    "europe-central": (2,),
    "europe-north": (1, 2),
    "europe-southwest": (1,),
    "europe-west": (1, 2, 3, 4, 6, 8, 9, 10, 12),
    "me-central": (1, 2),
    "me-west": (1,),
    "northamerica-northeast": (1, 2),
    "northamerica-south": (1,),
    "southamerica-east": (1,),
    "southamerica-west": (1,),
    "us-central": (1,),
    "us-east": (1, 4, 5),
    "us-south": (1,),
    "us-west": (1, 2, 3, 4, 8),
}
_MULTI: Final = ("asia", "asia1", "eu", "eur4", "europe", "nam4", "us")
REGIONS: Final = frozenset(f"{place}{number}" for place, numbers in _NUMBERED.items() for number in numbers)


def check_regions(regions: Sequence[str]) -> None:
    """Raise SettingError for one that is not known."""
    known = REGIONS.union(_MULTI)
    for region in regions:
        if region not in known:
            near = get_close_matches(region, sorted(known), 1)
            raise SettingError(f"unknown region {region!r}: {f'did you mean {near[0]}?' if near else 'no such place'}")

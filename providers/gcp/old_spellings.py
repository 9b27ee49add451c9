"""Members of Compute Engine's objects as Cloud Asset Inventory once spelled them, and some exports still do.

Whoever reads such an object as the API spells it takes what matters for absent.
https://cloud.google.com/asset-inventory/docs/asset-types
"""

from __future__ import annotations

from typing import Final

OLD_SPELLINGS: Final = frozenset({
    "destinationRange", "networkInterface", "serviceAccount", "sourceRange", "sourceServiceAccount", "sourceTag",
    "targetServiceAccount", "targetTag",
})  # fmt: skip

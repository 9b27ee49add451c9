"""From AWS documents to the common answers: who reaches a bucket, who takes on a role, what policies allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.access import Access, Guard, Layer, Powers
from scanner.facts import Fact, Unread, UnreadFact

if TYPE_CHECKING:
    from providers.aws.iam import Document, IamRole
    from providers.aws.s3 import S3AccessPoint, S3Bucket

"""The zip with the code of a template's Lambda functions, and its place in a bucket."""

from __future__ import annotations

from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents, copied_handlers
from aurora_cfn.packaging.upload import (
    LOCAL_ACCOUNT,
    Placement,
    built,
    no_bucket,
    placements,
    upload_bucket,
    uploads_files,
)

__all__ = [
    "LOCAL_ACCOUNT",
    "Package",
    "Placement",
    "built",
    "contents",
    "copied_handlers",
    "no_bucket",
    "packed",
    "placements",
    "upload_bucket",
    "uploads_files",
]

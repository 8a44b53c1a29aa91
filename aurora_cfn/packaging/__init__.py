"""The zip with the code of a template's Lambda functions, and its place in a bucket."""

from __future__ import annotations

from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.packaging.upload import (
    Placement,
    built,
    no_bucket,
    placements,
    upload_bucket,
    uploads_files,
)

__all__ = [
    "Package",
    "Placement",
    "built",
    "contents",
    "no_bucket",
    "packed",
    "placements",
    "upload_bucket",
    "uploads_files",
]

"""The zip of a template's functions: what goes into it, how it is packed the same everywhere, and how it gets to S3."""

from __future__ import annotations

from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.packaging.upload import Placement, built, placements, upload_bucket, uploads_code

__all__ = ["Package", "Placement", "built", "contents", "packed", "placements", "upload_bucket", "uploads_code"]

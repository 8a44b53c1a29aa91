"""The zip with the code of a template's Lambda functions, and its place in a bucket."""

from __future__ import annotations

from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.packaging.upload import Placement, built, placements, upload_bucket, uploads_code

__all__ = ["Package", "Placement", "built", "contents", "packed", "placements", "upload_bucket", "uploads_code"]

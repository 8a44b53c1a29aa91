"""The digest of bytes as AWS writes it."""

from __future__ import annotations

import hashlib
from base64 import b64encode


def sha256_base64(data: bytes) -> str:
    """SHA-256 in Base64: CodeSha256 of Lambda and ChecksumSHA256 of S3."""
    return b64encode(hashlib.sha256(data).digest()).decode()

"""A zip whose bytes depend on its contents alone: order, times, permissions and compression are fixed."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell."""
UNIX = 3
READABLE = 0o644


@dataclass(frozen=True, slots=True)
class Package:
    """The zip of one template's functions."""

    template: str
    data: bytes

    @property
    def key(self) -> str:
        """Its key in a bucket: the same contents always lie under the same key, other contents under another."""
        return f"aurora-cfn/{self.template}/{hashlib.sha256(self.data).hexdigest()[:32]}.zip"


def packed(entries: Mapping[str, bytes]) -> bytes:
    """The zip. It is not compressed: what zlib makes of the same bytes differs between its versions."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name in sorted(entries):
            archive.writestr(_header(name), entries[name])
    return buffer.getvalue()


def _header(name: str) -> ZipInfo:
    header = ZipInfo(name, EPOCH)
    header.create_system = UNIX
    header.external_attr = (stat.S_IFREG | READABLE) << 16
    return header

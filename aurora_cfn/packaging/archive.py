"""A reproducible zip: order, times, permissions and compression are fixed, so equal files give equal bytes."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time of the zip format."""
UNIX = 3
"""Value of create_system; without it Python writes the system on which the zip was made."""
# Lambda runs the code as a user that does not own the files: all users must be able to read them (Lambda guide).
READABLE, RUNNABLE = 0o644, 0o755


@dataclass(frozen=True, slots=True)
class Package:
    """The zip of one template's functions."""

    template: str
    data: bytes

    @property
    def key(self) -> str:
        """The key in a bucket. It has the hash of the contents, so new code gets a new key and changes the stack."""
        return f"aurora-cfn/{self.template}/{hashlib.sha256(self.data).hexdigest()[:32]}.zip"


def packed(entries: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """The zip with these entries, of which some may be programs."""
    # Not compressed: versions of zlib compress the same bytes differently.
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name in sorted(entries):
            archive.writestr(_header(name, RUNNABLE if name in executable else READABLE), entries[name])
    return buffer.getvalue()


def _header(name: str, mode: int) -> ZipInfo:
    header = ZipInfo(name, EPOCH)
    header.create_system = UNIX
    # The upper 16 bits are the mode of Unix, which Lambda obeys.
    header.external_attr = (stat.S_IFREG | mode) << 16
    return header

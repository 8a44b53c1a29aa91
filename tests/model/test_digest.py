"""The digest against the one of the standard vector `abc` (FIPS 180-2, appendix B.1)."""

from __future__ import annotations

import base64

from aurora_cfn.model.digest import sha256_base64

ABC = bytes.fromhex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


def test_the_digest_is_in_base64() -> None:
    assert base64.b64decode(sha256_base64(b"abc")) == ABC

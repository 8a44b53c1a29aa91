"""The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), with which the front logs in at the server for a proxy."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

MECHANISM = "SCRAM-SHA-256"
NO_BINDING = base64.b64encode(b"n,,").decode()


class RefusedError(Exception):
    """The server does not know what it should about the password, or refused it."""


@dataclass(slots=True)
class Exchange:
    """One login: `first`, then `final` with the server's answer, then `verify` with its last word."""

    password: str
    nonce: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(18)).decode())
    _signature: bytes = b""

    def first(self) -> str:
        """The client's first message. PostgreSQL takes the user from the startup packet."""
        return f"n,,n=,r={self.nonce}"

    def final(self, server_first: str) -> str:
        """The client's proof, from the server's nonce, salt and count."""
        given = dict(part.split("=", 1) for part in server_first.split(","))
        if not given["r"].startswith(self.nonce):
            raise RefusedError("the server's nonce does not continue ours")
        salted = hashlib.pbkdf2_hmac("sha256", self.password.encode(), base64.b64decode(given["s"]), int(given["i"]))
        without_proof = f"c={NO_BINDING},r={given['r']}"
        spoken = f"n=,r={self.nonce},{server_first},{without_proof}".encode()
        client_key = _hmac(salted, b"Client Key")
        signature = _hmac(hashlib.sha256(client_key).digest(), spoken)
        self._signature = _hmac(_hmac(salted, b"Server Key"), spoken)
        proof = bytes(left ^ right for left, right in zip(client_key, signature, strict=True))
        return f"{without_proof},p={base64.b64encode(proof).decode()}"

    def verify(self, server_final: str) -> None:
        """RefusedError unless the server proves that it knows the password too."""
        if server_final != f"v={base64.b64encode(self._signature).decode()}":
            raise RefusedError("the server's signature is wrong")


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()

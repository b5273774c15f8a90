"""What is to be read again, sealed with the key of the host: AES-256 in GCM (NIST SP 800-38D), bound to its person."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = "sealed:"
_NONCE_BYTES = 12


class SecretSeal:
    """Seals and opens with one key."""

    def __init__(self, word: str) -> None:
        """Take the key as text."""
        self._cipher = AESGCM(sha256(word.encode()).digest())

    def sealed(self, secret: str, *, person_id: int) -> str:
        """Return what may be kept of a person's secret."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = self._cipher.encrypt(nonce, secret.encode(), _bound_to(person_id))
        return SEALED + urlsafe_b64encode(nonce + box).decode()

    def opened(self, kept: str, *, person_id: int) -> str | None:
        """Return the secret again, or None where another key sealed it; what is not sealed is the secret itself."""
        if not is_sealed(kept):
            return kept
        box = urlsafe_b64decode(kept.removeprefix(SEALED))
        try:
            return self._cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _bound_to(person_id)).decode()
        except InvalidTag:
            return None


def is_sealed(kept: str) -> bool:
    """Whether it was sealed; at first secrets were kept as they are, until `serve` seals them."""
    return kept.startswith(SEALED)


def _bound_to(person_id: int) -> bytes:
    return str(person_id).encode()

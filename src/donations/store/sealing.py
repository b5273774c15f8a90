"""What is to be read again, sealed with the host's key: AES-256 in GCM (NIST SP 800-38D), bound to what it is of."""

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
        return SEALED + urlsafe_b64encode(self.boxed(secret.encode(), bound_to=str(person_id))).decode()

    def opened(self, kept: str, *, person_id: int) -> str | None:
        """Return the secret again, or None where another key sealed it; what is not sealed is the secret itself."""
        if not is_sealed(kept):
            return kept
        opened = self.unboxed(urlsafe_b64decode(kept.removeprefix(SEALED)), bound_to=str(person_id))
        return None if opened is None else opened.decode()

    def boxed(self, content: bytes, *, bound_to: str) -> bytes:
        """Return what may be kept of a content, which opens only as what it is bound to."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, bound_to.encode())

    def unboxed(self, box: bytes, *, bound_to: str) -> bytes | None:
        """Return the content again, or None where another key sealed it or it is bound to something else."""
        try:
            return self._cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to.encode())
        except InvalidTag:
            return None


def is_sealed(kept: str) -> bool:
    """Whether it was sealed; at first secrets were kept as they are, until `serve` seals them."""
    return kept.startswith(SEALED)

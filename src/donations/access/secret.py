"""Secrets: random ones of which only digests are kept, and those to be read again, sealed with a key of the host.

AES-256 in GCM (NIST SP 800-38D), bound to the person. The key is a setting, or stands in a file beside the database.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from donations.core.giving_code import DIGITS, GROUP, LETTERS, GivingCode, is_group
from donations.store.keyed import WORD_MIN, BadKeyError, host_key

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def is_secret(text: str) -> bool:
    """Whether the text could be one of our secrets."""
    return _SHAPE.fullmatch(text) is not None


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """Return what proves that a form was made for the browser that holds this secret, and does not reveal it."""
    return hmac.new(secret.encode(), b"form", sha256).hexdigest()


def is_form_token(token: str, secret: str) -> bool:
    """Whether the token is the one of this browser; takes equally long whatever is wrong with it.

    Who holds no secret has no token: that of an empty one everybody could work out.
    """
    return is_secret(secret) and hmac.compare_digest(token.encode(), form_token(secret).encode())


_SEALED = "sealed:"
_NONCE_BYTES = 12


class SecretSeal:
    """Seals and opens with one key, which is asked for when it is first needed."""

    def __init__(self, word: Callable[[], str]) -> None:
        """Take what returns the key as text: at least 32 random characters, else `BadKeyError` is raised later."""
        self._word = cache(word)

    def sealed(self, secret: str, *, person_id: int) -> str:
        """Return what may be kept of a person's secret."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = self._cipher().encrypt(nonce, secret.encode(), _bound_to(person_id))
        return _SEALED + urlsafe_b64encode(nonce + box).decode()

    def opened(self, kept: str, *, person_id: int) -> str | None:
        """Return the secret again, or None where another key sealed it; what is not sealed is the secret itself."""
        if not is_sealed(kept):
            return kept
        box = urlsafe_b64decode(kept.removeprefix(_SEALED))
        try:
            return self._cipher().decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _bound_to(person_id)).decode()
        except InvalidTag:
            return None

    def _cipher(self) -> AESGCM:
        word = self._word()
        if len(word) < WORD_MIN:
            raise BadKeyError
        return AESGCM(sha256(word.encode()).digest())


def is_sealed(kept: str) -> bool:
    """Whether it was sealed; at first secrets were kept as they are, until `serve` seals them."""
    return kept.startswith(_SEALED)


def seal_for(books: Path | None, *, word: str) -> SecretSeal:
    """Return the seal of books: with the key of the settings, else with the one in the file beside theirs."""
    return SecretSeal(host_key(books, word=word))


def new_giving_code() -> GivingCode:
    """Return a random code for a giver: each that there may be comes as often as any other."""
    return GivingCode(_new_group() + _new_group())


def _new_group() -> str:
    while not is_group(group := "".join(secrets.choice(DIGITS + LETTERS) for _ in range(GROUP))):
        pass
    return group


def _bound_to(person_id: int) -> bytes:
    return str(person_id).encode()

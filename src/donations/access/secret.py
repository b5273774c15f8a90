"""Secrets: random ones, of which only digests are kept."""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256

from donations.core.giving_code import DIGITS, GROUP, LETTERS, GivingCode, is_group

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


def new_giving_code() -> GivingCode:
    """Return a random code for a giver: each that there may be comes as often as any other."""
    return GivingCode(_new_group() + _new_group())


def _new_group() -> str:
    while not is_group(group := "".join(secrets.choice(DIGITS + LETTERS) for _ in range(GROUP))):
        pass
    return group

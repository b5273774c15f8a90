"""Files that only who holds a key or a passphrase can read: the format age (age-encryption.org/v1), by pyrage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyrage

from donations.core.refusal import Refusal
from donations.core.refusals import BackupCode

_FIRST_LINE = b"age-encryption.org/v1\n"
_BY_PASSPHRASE = b"-> scrypt "


def is_encrypted(file: Path) -> bool:
    """Whether a file is one of age."""
    with file.open("rb") as opened:
        return opened.read(len(_FIRST_LINE)) == _FIRST_LINE


def asks_passphrase(file: Path) -> bool:
    """Whether a passphrase opens a file of age, and no key."""
    with file.open("rb") as opened:
        return opened.read(len(_FIRST_LINE) + len(_BY_PASSPHRASE)) == _FIRST_LINE + _BY_PASSPHRASE


def encrypt(plain: Path, to: Path, *, recipients: Sequence[str] = (), passphrase: str = "") -> None:
    """Encrypt a file for public keys (`age1…`), or by a passphrase. Raises `Refusal` where a key is none."""
    if recipients:
        pyrage.encrypt_file(str(plain), str(to), _keys(recipients))
    else:
        to.write_bytes(pyrage.passphrase.encrypt(plain.read_bytes(), passphrase))


def encrypted(word: str, *, recipients: Sequence[str] = (), passphrase: str = "") -> str:
    """Encrypt a word as `encrypt` does a file; in hexadecimal. Raises as it."""
    content: bytes
    if recipients:
        content = pyrage.encrypt(word.encode(), _keys(recipients))
    else:
        content = pyrage.passphrase.encrypt(word.encode(), passphrase)
    return content.hex()


def decrypted(word: str, *, key: str = "", passphrase: str = "") -> str:
    """Return the word again. Raises as `decrypt`."""
    content = bytes.fromhex(word)
    opened: bytes
    try:
        if passphrase:
            opened = pyrage.passphrase.decrypt(content, passphrase)
        else:
            opened = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(key)])
        return opened.decode()
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise Refusal(BackupCode.BACKUP_NOT_OPENED) from error


def _keys(recipients: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    try:
        return [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError as error:
        raise Refusal(BackupCode.BAD_RECIPIENT) from error


def decrypt(file: Path, to: Path, *, key: str = "", passphrase: str = "") -> None:
    """Decrypt a file of age by a secret key (`AGE-SECRET-KEY-1…`) or a passphrase. Raises `Refusal`."""
    try:
        if asks_passphrase(file):
            to.write_bytes(pyrage.passphrase.decrypt(file.read_bytes(), passphrase))
        else:
            pyrage.decrypt_file(str(file), str(to), [pyrage.x25519.Identity.from_str(key)])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise Refusal(BackupCode.BACKUP_NOT_OPENED) from error

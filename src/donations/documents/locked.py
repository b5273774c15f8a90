"""Locks a PDF with a word that its reader knows: by AES with 256 bits, as PDF 2.0 has it (ISO 32000-2, 7.6)."""

from __future__ import annotations

import io

import pikepdf


def locked(pdf: bytes, *, word: str) -> bytes:
    """Return the PDF so that only who knows the word can read it; without a word, as it is.

    Readers that speak it aloud may always: the lock keeps others out, and no one who has the word.
    """
    if not word:
        return pdf
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(kept, encryption=pikepdf.Encryption(owner=word, user=word, R=6))
    return kept.getvalue()

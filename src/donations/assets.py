"""Where templates/ and statements/ are: inside an installed package, or beside src/ in a checkout."""

from __future__ import annotations

from pathlib import Path


class MissingAssetsError(RuntimeError):
    """The program was installed without its files."""


def directory(name: str) -> Path:
    """Return the directory of this name; raises `MissingAssetsError` where there is none."""
    here = Path(__file__).resolve().parent
    for candidate in (here / name, here.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise MissingAssetsError(f"{name}/ is not where the program was installed.")

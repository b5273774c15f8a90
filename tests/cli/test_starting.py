"""What the terminal imports: help comes at once, and only serving knows the web."""

from __future__ import annotations

import subprocess
import sys

import pytest

WEB = {"fastapi", "starlette", "jinja2", "uvicorn", "donations.web"}
HEAVY = WEB | {"sqlalchemy", "sqlmodel", "lxml", "typst", "babel", "donations.store", "donations.acts"}

HELP = "import sys; from donations.cli import run; sys.argv = {}; sys.stdout = sys.stderr; run()"
ALL = "from donations.cli.main import COMMANDS, command_named; [*map(command_named, COMMANDS)]"
CASES = {
    "help": (HELP.format(["donations", "--help"]), HEAVY | {"pydantic"}),
    # The library of the terminal reads options with pydantic.
    **{f"{name} --help": (HELP.format(["donations", name, "--help"]), HEAVY) for name in ("serve", "demo", "worker")},
    "all commands": (ALL, WEB),
}


@pytest.mark.parametrize(("code", "unwanted"), CASES.values(), ids=CASES)
def test_what_is_imported(code: str, unwanted: set[str]) -> None:
    told = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.__stdout__)); {code}"
    ended = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    modules = set(ended.stdout.split())
    assert "donations.cli.main" in modules
    assert modules & unwanted == set()

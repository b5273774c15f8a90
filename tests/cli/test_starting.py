"""What the terminal imports: help comes at once, that of what serves and works too; only what serves knows the web."""

from __future__ import annotations

import subprocess
import sys

import pytest

WEB = {"fastapi", "starlette", "jinja2", "uvicorn", "donations.web"}
HEAVY = WEB | {"sqlalchemy", "sqlmodel", "pydantic", "lxml", "typst", "babel", "donations.store", "donations.acts"}

SAID = "import sys; from donations.cli import run; sys.argv = ['donations', {}]; sys.stdout = sys.stderr; run()"
HELP = SAID.format("'--help'")
OPTIONS = {"pydantic"}
"""What typer looks for where a command has options."""
OF_SERVERS = {each: SAID.format(f"'{each}', '--help'") for each in ("serve", "worker", "demo")}
ALL = "from donations.cli.main import COMMANDS, command_named; [*map(command_named, COMMANDS)]"


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [(HELP, HEAVY), *((code, HEAVY - OPTIONS) for code in OF_SERVERS.values()), (ALL, WEB)],
    ids=["help", *OF_SERVERS, "all commands"],
)
def test_what_is_imported(code: str, unwanted: set[str]) -> None:
    told = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.__stdout__)); {code}"
    ended = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    modules = set(ended.stdout.split())
    assert "donations.cli.main" in modules
    assert modules & unwanted == set()

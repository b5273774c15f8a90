"""The schema that API and terminal share stands in docs/api.md, value by value and field by field."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from donations import views
from donations.views.value import View

WRITTEN = Path(__file__).parents[2] / "docs" / "api.md"


def shown() -> dict[str, list[str]]:
    """Return the fields of each value of the room, as they come in its document."""
    modules = [import_module(f"{views.__name__}.{each.name}") for each in iter_modules(views.__path__)]
    found = {
        value.__name__: list(value.model_fields)
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, View) and value.__module__ == module.__name__
    }
    return {name: fields for name, fields in found.items() if fields and "[" not in name}


def test_every_value_is_written_down_with_its_fields() -> None:
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (.+) \|$", WRITTEN.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: re.findall(r"`(\w+)`", fields) for name, fields in rows} == shown()

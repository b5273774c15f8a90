"""House rules of templates: short lines and files, no arithmetic, and macros that are there and are used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import nodes

from donations.assets import directory
from donations.web.pages import environment

ROOT = directory("templates")
LINE_MAX = 140
LINES_MAX = 250
ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
COUNTING = {"sum", "round", "abs", "int", "float"}
"""Filters that count; how many there are of a thing (`length`) may be asked for."""


@cache
def sources() -> dict[str, str]:
    """Return every template by its name."""
    found = (path for path in sorted(ROOT.rglob("*")) if path.suffix in {".html", ".svg"})
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found}


@cache
def parsed() -> dict[str, nodes.Template]:
    """Return every template as Jinja understands it."""
    return {name: environment().parse(source) for name, source in sources().items()}


def defined() -> set[tuple[str, str]]:
    """Return every macro, as its file and its name."""
    return {(name, macro.name) for name, tree in parsed().items() for macro in tree.find_all(nodes.Macro)}


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield every import of a file: where, what file, and what it is called there."""
    for name, tree in parsed().items():
        for each in tree.find_all(nodes.Import):
            assert isinstance(each.template, nodes.Const), name
            yield name, each.template.value, each.target


def calls() -> Iterator[tuple[str, str, str]]:
    """Yield every call that may be one of a macro: where, the file of the macro, and its name."""
    files = {(where, called): file for where, file, called in imports()}
    for name, tree in parsed().items():
        for each in tree.find_all(nodes.FromImport):
            assert isinstance(each.template, nodes.Const), name
            yield from ((name, each.template.value, one if isinstance(one, str) else one[0]) for one in each.names)
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name):
                yield name, name, call.node.name
            elif isinstance(call.node, nodes.Getattr) and isinstance(call.node.node, nodes.Name):
                file = files.get((name, call.node.node.name))
                if file is not None:
                    yield name, file, call.node.attr


def test_lines_are_short() -> None:
    long = [
        f"{name}:{number}"
        for name, source in sources().items()
        for number, line in enumerate(source.splitlines(), 1)
        if len(line) > LINE_MAX
    ]
    assert long == []


def test_a_template_is_about_one_thing() -> None:
    assert [name for name, source in sources().items() if len(source.splitlines()) > LINES_MAX] == []


def test_templates_do_no_arithmetic() -> None:
    """What is written down is counted before, where types and tests hold it."""
    counted = {(name, type(each).__name__) for name, tree in parsed().items() for each in tree.find_all(ARITHMETIC)}
    filtered = {
        (name, each.name)
        for name, tree in parsed().items()
        for each in tree.find_all(nodes.Filter)
        if each.name in COUNTING
    }
    assert counted | filtered == set()


def test_no_blank_stands_between_a_cells_label_and_what_is_in_it() -> None:
    """On a phone the label stands before the text, so that a blank at its beginning shows."""
    wide = set()
    for name, source in sources().items():
        tokens = environment().lex(source)
        shown = "".join({"data": text, "variable_begin": "x"}.get(kind, "") for _, kind, text in tokens)
        if re.search(r"<t[dh]\b[^>]*\bdata-label=[^>]*>\s", shown):
            wide.add(name)
    assert wide == set()


def test_every_macro_is_used() -> None:
    assert defined() - {(file, macro) for _, file, macro in calls()} == set()


def test_every_macro_that_is_called_is_there() -> None:
    """A page that calls another fails only when somebody opens it."""
    called = {(file, macro) for where, file, macro in calls() if file != where}
    assert called - defined() == set()


def test_an_import_is_called_as_its_file_and_is_used() -> None:
    found = [(where, file, called) for where, file, called in imports() if called != Path(file).stem]
    assert found == [], "one name for one file, everywhere"
    used = {(where, file) for where, file, _ in calls()}
    assert {(where, file) for where, file, _ in imports()} - used == set()

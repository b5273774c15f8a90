"""Finds docstrings that people read, for the catalogues: the help of commands, and what checks hold the books to.

`make messages` and `tests/test_messages.py` use it beside Babel's own search for marked texts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import cleandoc
from io import BytesIO
from typing import Any, BinaryIO

from babel.messages.extract import extract_python

Found = tuple[int, Any, Any, Any]


def with_docstrings(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Yield the marked texts of a file, and the docstrings in it that are shown."""
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, options)
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and (_is_command(node) or _is_check(node)):
            said = cleandoc(ast.get_docstring(node) or "")
            yield node.lineno, None, said if _is_command(node) else said.partition("\n")[0], []


def _is_command(node: ast.FunctionDef) -> bool:
    """Whether it is registered as `@some_app.command(…)`."""
    calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    return any(isinstance(each, ast.Attribute) and each.attr == "command" for each in calls)


def _is_check(node: ast.FunctionDef) -> bool:
    """Whether it yields violations, and people may call it by its name."""
    return not node.name.startswith("_") and "Violation" in ast.unparse(node.returns or ast.Constant(None))

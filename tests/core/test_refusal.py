"""Every refusal has its sentences, its facts are named in them, and it is raised somewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from donations.core.refusal import Refusal, RefusalCode
from donations.core.refusals import CODES, BooksCode, DonorCode

SOURCE = Path(__file__).parents[2] / "src/donations"
IMPERSONAL = {
    *("amount", "appeal", "cause", "checks", "count", "counted", "day", "difference", "donor", "donors", "expected"),
    *("field", "file", "host", "into"),
    *("least", "limit", "line", "payment", "place", "port", "reply", "reports", "settings", "tables", "what", "word"),
}
"""Facts that name nobody: a donor is a number, and so is a payment; a word is one that is to be public."""


def places(code: RefusalCode) -> set[str]:
    return {name for said in (code.what, code.money, code.remedy) for _, name, _, _ in Formatter().parse(said) if name}


@cache
def trees() -> list[ast.Module]:
    files = (each for each in SOURCE.rglob("*.py") if each.parent.name != "refusals")
    return [ast.parse(each.read_text(encoding="utf-8")) for each in files]


def named(node: ast.AST) -> str | None:
    """Return the code that an expression names: `BooksCode.BAD_MONTH`."""
    is_code = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id.endswith("Code")
    code = node.attr.lower() if is_code and isinstance(node, ast.Attribute) else None
    return code if code in CODES else None


def raised() -> Iterator[tuple[RefusalCode, set[str]]]:
    """Yield each refusal that is made with its code, and the facts that it is given."""
    for tree in trees():
        for node in ast.walk(tree):
            is_made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal"
            code = named(node.args[0]) if is_made and isinstance(node, ast.Call) and node.args else None
            if code is not None and isinstance(node, ast.Call):
                yield CODES[code], {each.arg for each in node.keywords if each.arg is not None}


def test_codes_are_different_over_all_subjects() -> None:
    members = [name for subject in {type(code) for code in CODES.values()} for name in subject.__members__]
    assert sorted(name.lower() for name in members) == sorted(CODES)


@pytest.mark.parametrize("language", ["et", "ru"])
def test_every_code_has_sentences_in_three_languages(language: str) -> None:
    with (SOURCE / f"locales/{language}/LC_MESSAGES/donations.po").open("rb") as file:
        known = read_po(file)
    for code in CODES.values():
        for said in (code.what, code.money, code.remedy):
            assert said[0].isupper() or said[0] in "“{-", code
            assert said.endswith(".") or "donations " in said or "--" in said or "pip " in said, code
            message = known.get(said)
            assert message is not None, code
            assert message.string, code


def test_facts_are_those_of_the_sentences() -> None:
    wrong = {str(code): facts ^ places(code) for code, facts in raised() if facts != places(code)}
    open_ones = {"bad_usage", "file_system"}  # made with facts in a mapping, in cli/show.py
    assert wrong.keys() <= open_ones, wrong


def test_no_fact_names_a_person() -> None:
    assert {name for code in CODES.values() for name in places(code)} <= IMPERSONAL


def test_every_code_is_raised_somewhere() -> None:
    used = {named(node) for tree in trees() for node in ast.walk(tree)}
    assert CODES.keys() - used == set()


def test_a_refusal_is_told_in_a_language_and_as_a_face_writes_days() -> None:
    refusal = Refusal(BooksCode.MOVED_BEFORE, day=date(2026, 3, 2))
    assert str(refusal.translated()) == (
        "A payment of 2026-03-02 is older. Nothing was changed. Let the account begin on that day or before."
        " (moved_before)"
    )
    assert refusal.translated(lambda said: said.replace("A payment", "Makse"), lambda _: "2. märts").what == (
        "Makse of 2. märts is older."
    )
    assert str(refusal) == "moved_before"


def test_the_document_is_what_programs_read() -> None:
    assert Refusal(DonorCode.MERGED_ALREADY, donor=3, into=5).translated().document() == {
        "code": "merged_already",
        "title": "Donor 3 was merged into donor 5 already.",
        "detail": "Donor 3 was merged into donor 5 already. Open the donor again from the list, and merge the one that"
        " stands for it.",
        "money": "Nothing was changed.",
        "remedy": "Open the donor again from the list, and merge the one that stands for it.",
    }

"""The catalogues are complete: every text a person sees is in each of them, with the same places to fill."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
LETTER = re.compile(r"[^\W\d_]")
SAME_EVERYWHERE = re.compile(
    r"[a-z]+(_[a-z]+)+|CSV|XLSX|JSON|XML|Data Package|IBAN|OFX|OpenAPI|SHA-256|LHV|SEB|Swedbank"
)
"""Stable codes, and the names of formats and banks."""
NO_TEXT = re.compile(r"\{% block width %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ADDRESS = re.compile(r"\S*[=&/]\S*")
"""What macros put into attributes."""


@cache
def messages() -> dict[str | tuple[str, ...], str]:
    """Return every marked message of the program with a file that has it, as `make messages` finds them."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(each["pattern"], each["method"]) for each in tables]
    options = {each["pattern"]: {k: v for k, v in each.items() if k not in {"pattern", "method"}} for each in tables}
    found: dict[str | tuple[str, ...], str] = {}
    for folder in ("src", "templates"):
        for file, _, message, _, _ in extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)],
            {pattern.removeprefix(f"{folder}/"): given for pattern, given in options.items()},
            keywords={**DEFAULT_KEYWORDS, "N_": None},
        ):
            found.setdefault(message, f"{folder}/{file}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    path = ROOT / "src/donations/locales" / language / "LC_MESSAGES" / "donations.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@pytest.mark.parametrize("language", ["et", "ru"])
def test_no_message_is_missing_and_none_is_left_over(language: str) -> None:
    done = {each.id: translations(each) for each in catalogue(language) if each.id and not each.fuzzy}
    missing = {message: file for message, file in messages().items() if not all(done.get(message, [""]))}
    assert missing == {}, f"{len(missing)} messages: make messages, and translate them"
    assert done.keys() - messages().keys() == set()


@pytest.mark.parametrize("language", ["et", "ru"])
def test_a_translation_has_the_places_of_its_message(language: str) -> None:
    """A place that is missing loses a figure; one too many breaks the page."""

    def places(text: str) -> set[str]:
        return {one or other for one, other in PLACES.findall(text)}

    for each in catalogue(language):
        wanted = places(each.id if isinstance(each.id, str) else each.id[1])
        for said in translations(each):
            assert places(said) - {"num"} == wanted - {"num"}, each.id


class Loose(HTMLParser):
    """Collects text and spoken attributes that stand in a template as they are.

    Code and keys are the same for everyone, and what says its own language is in that language: banks' menus.
    """

    def __init__(self) -> None:
        """Begin outside of everything."""
        super().__init__()
        self.found: list[str] = []
        self.kept: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep text between tags."""
        if not self.kept:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave what is the same for everyone."""
        if self.kept and self.kept[-1] == tag:
            self.kept.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep attributes that are read aloud or shown."""
        spoken = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}
        self.found += [value or "" for name, value in attrs if name in spoken]
        if self.kept or tag in {"code", "kbd"} or (tag != "html" and "lang" in dict(attrs)):
            self.kept.append(tag)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_of_a_template_is_outside_the_catalogues(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    parser = Loose()
    parser.feed(NO_TEXT.sub(" ", source))
    texts = [ADDRESS.sub("", text).strip() for text in parser.found]
    assert [text for text in texts if LETTER.search(text) and SAME_EVERYWHERE.fullmatch(text) is None] == []


def test_the_languages_of_the_catalogues_are_those_of_the_pages() -> None:
    folders: Any = sorted(path.name for path in (ROOT / "src/donations/locales").iterdir() if path.is_dir())
    assert folders == ["et", "ru"]

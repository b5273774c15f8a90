"""Finds English texts of ours on a page in another language, as a reader of that language would stumble over them."""

from __future__ import annotations

import re
from functools import cache

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from donations.assets import directory
from donations.core.language import Language

_PLACE = re.compile(r"%\\\(\w+\\\)[sd]|\\\{\w+\\\}")
"""A value's place in a message, after `re.escape`."""
_LETTERS_MIN = 4
"""A message with fewer is little more than its values, and fits anything."""
_TEXTS = """() => {
    const found = [], walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const notOurs = "bdi, .code, script, style, template, [lang]";  // names, stable codes, other languages
    const isOurs = (element) => element.closest(notOurs) === document.documentElement;
    const isSeen = (element) => element.checkVisibility() || element.tagName === "TITLE";
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (isOurs(element) && isSeen(element)) found.push(walker.currentNode.data);
    }
    for (const name of ["aria-label", "placeholder", "alt", "title"]) {
        const named = Array.from(document.querySelectorAll(`[${name}]`)).filter(isOurs);
        found.push(...named.map((each) => each.getAttribute(name)));
    }
    return found.map((each) => each.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


def untranslated(page: Page, language: Language) -> list[str]:
    """Return the texts on a page that are still English, though this language has other words for them."""
    if language is Language.ENGLISH:
        return []
    english = _english_only(language)
    return [text for text in page.evaluate(_TEXTS) if english.fullmatch(text)]


@cache
def _english_only(language: Language) -> re.Pattern[str]:
    path = directory("locales") / language / "LC_MESSAGES" / "donations.po"
    with path.open("rb") as file:
        messages = list(read_po(file, locale=language.value))
    texts = set[str]()
    for each in messages:
        forms = (each.id,) if isinstance(each.id, str) else tuple(each.id)
        said = (each.string,) if isinstance(each.string, str) else tuple(each.string or ())
        if all(said):
            texts.update(form for form in forms if form not in said and _weight(form) >= _LETTERS_MIN)
    return re.compile("|".join(_PLACE.sub(".+", re.escape(each)) for each in sorted(texts)) or "(?!)")


def _weight(message: str) -> int:
    return sum(letter.isalpha() for letter in re.sub(r"%\(\w+\)[sd]|\{\w+\}", "", message))

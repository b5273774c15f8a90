"""What a payment's text names: exact keywords, denied ones, near misses, and ordinary words left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.core.test_giving_code import CODES
from tests.matching.sample import GENERAL, ROOF

from donations.core.donor import Appeal, AppealId
from donations.core.giving_code import GivingCode, grouped
from donations.core.keyword import fold, parse_keyword
from donations.matching import keywords
from donations.matching.against import What, against
from donations.matching.keywords import DeniedKeyword, Found, NearKeyword, NoKeyword, OneAppeal, SeveralAppeals
from donations.matching.near import SpellingDifference
from donations.matching.written import read


def appeal(number: int, *words: str) -> Appeal:
    return Appeal(id=AppealId(number), name=f"appeal {number}", keywords=tuple(map(parse_keyword, words)))


def find(text: str, *appeals: Appeal) -> Found:
    return keywords.find(read(text), appeals or (GENERAL, ROOF))


@pytest.mark.parametrize(
    ("text", "highlighted"),
    [
        ("annetus", "annetus"),
        ("ANNETUS", "ANNETUS"),  # B47
        ("annetus.", "annetus"),
        ("Annetuse eest", "Annetuse"),
        ("annetust", "annetust"),
        ("annetuseks", "annetuseks"),
        ("annetused", "annetused"),
        ("Igakuine\u00a0annetus\u00a0mets", "annetus"),  # no-break spaces
        ("an\u200bnetus", "an\u200bnetus"),
        ("an\u00adne\u2060tus", "an\u00adne\u2060tus"),
        ("ａｎｎｅｔｕｓ", "ａｎｎｅｔｕｓ"),  # full-width
        (f"{'-' * 31}ANNE\nTUS", "ANNE\nTUS"),  # cut at the bank's column of 35
        (f"{'-' * 31}ANNE\r\nTUS", "ANNE\r\nTUS"),
        ("Suur annetus\nMari", "annetus"),
        ("toetus,annetus", "annetus"),
        ("/TXT/annetus", "annetus"),
        ("(annetus)", "annetus"),
        ("49403136526annetus", "annetus"),  # glued to a number, not inside a word
        ("Õpilaste annetus", "annetus"),
        ("õpilaste DONATIONS".upper(), "DONATIONS"),
        ("ПОЖЕРТВОВАНИЕ", "ПОЖЕРТВОВАНИЕ"),
        ("Tagasihoidlik annetus", "annetus"),  # a modest gift is no return
        ("annetus, mitte arve", "annetus"),  # the negation is another clause's
        ("Ei soovi nime avaldada. Annetus", "Annetus"),
        ("пожертвования", "пожертвования"),
        ("annetus@rohutirts.ee", "annetus"),
        ("#annetus", "annetus"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_keyword_is_found_where_it_is_written(text: str, highlighted: str, form: str) -> None:
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    found = find(written)
    assert isinstance(found, OneAppeal)
    assert found.hit.appeal == GENERAL.id
    assert written[slice(*found.hit.at)] == unicodedata.normalize(form, highlighted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "difference", "highlighted"),
    [
        ("Аnnetus", SpellingDifference.LOOK_ALIKE, "Аnnetus"),  # Cyrillic А
        ("αnnetuseks", SpellingDifference.LOOK_ALIKE, "αnnetus"),  # Greek alpha
        ("аннетус", SpellingDifference.LOOK_ALIKE, "аннетус"),  # all in Cyrillic
        ("pozhertvovanie", SpellingDifference.LOOK_ALIKE, "pozhertvovanie"),  # and all in Latin
        ("d0nati0n", SpellingDifference.LOOK_ALIKE, "d0nati0n"),
        ("d0nati0ns", SpellingDifference.LOOK_ALIKE, "d0nati0n"),
        ("ännétus", SpellingDifference.LOOK_ALIKE, "ännétus"),
        ("an netus", SpellingDifference.SPLIT, "an netus"),
        ("Suur a n n e t u s!", SpellingDifference.SPLIT, "a n n e t u s"),
        ("an-netus", SpellingDifference.SPLIT, "an-netus"),
        ("anne \n tus", SpellingDifference.SPLIT, "anne \n tus"),
        ("anetus", SpellingDifference.ONE_LETTER, "anetus"),
        ("nnetus", SpellingDifference.ONE_LETTER, "nnetus"),
        ("annnetus", SpellingDifference.ONE_LETTER, "annnetus"),
        ("anmetus", SpellingDifference.ONE_LETTER, "anmetus"),
        ("anentus", SpellingDifference.ONE_LETTER, "anentus"),
        ("nanetus", SpellingDifference.ONE_LETTER, "nanetus"),
        ("annetsu", SpellingDifference.ONE_LETTER, "annetsu"),
        ("annetu", SpellingDifference.ONE_LETTER, "annetu"),
        ("annetud", SpellingDifference.ONE_LETTER, "annetud"),
        ("anetuseks", SpellingDifference.ONE_LETTER, "anetuseks"),
        ("minu anetus 10", SpellingDifference.ONE_LETTER, "anetus"),
        ("annet", SpellingDifference.CUT_SHORT, "annet"),
        ("püsiannetus", SpellingDifference.INSIDE, "annetus"),
        ("PÜSIANNETUSED", SpellingDifference.INSIDE, "ANNETUS"),
        ("annetuskarp", SpellingDifference.COMPOUND, "annetuskarp"),
        ("annetusloterii 2026", SpellingDifference.COMPOUND, "annetusloterii"),
        ("ANNE\nTUS", SpellingDifference.SPLIT, "ANNE\nTUS"),  # two texts: no column is so narrow
        (f"{'-' * 40}\n{'-' * 31}ANNE\nTUS", SpellingDifference.SPLIT, "ANNE\nTUS"),  # the line was not full
    ],
)
def test_a_near_miss_is_shown_where_it_is_written(text: str, difference: SpellingDifference, highlighted: str) -> None:
    found = find(text)
    assert isinstance(found, NearKeyword)
    assert found.hit.appeal == GENERAL.id
    assert (found.difference, text[slice(*found.hit.at)]) == (difference, highlighted)


# Words of Estonian, English and Russian bank texts that are no gift, among them the neighbours of the keyword:
# õnnetus (accident), ennetus (prevention), annetaja (giver), annetan (I give).
ORDINARY = """
annetaja annetan annetada annetatud anne toetus toetuseks arve arved kinnitus panus osamaks liikmemaks üür rent
õnnetus õnnetusjuhtumikindlustus ennetus ennetustöö vähiennetus kannatus kohustus asetus lõpetus varustus kindlustus
töötuskindlustus töötus teenustasu kuutasu makse maksekorraldus palk töötasu preemia stipendium laen intress
tagatisraha tulumaks sotsiaalmaks käibemaks leping pilet pileti kontsert laager osavõtutasu tellimus raamat poster
kingitus sünnipäev jõulud jaanuar veebruar aprill elekter gaas vesi kommunaal parkimine kütus toit lõuna
transport postikulu sularaha sissemakse ülekanne invoice payment salary rent ticket membership order transfer
donor dominion nation relation edition location оплата счет зарплата аренда взнос членский перевод подарок
"""


@pytest.mark.parametrize("word", ORDINARY.split())
def test_ordinary_words_are_no_near_misses(word: str) -> None:
    assert find(word) == NoKeyword()
    assert find(f"{word.upper()} nr 100, Anne Tamm") == NoKeyword()


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Annetuse tagastus", "tagastus"),  # B49
        ("annetusetagastus annetus", "annetusetagastus"),
        ("annetuse taga\nstus", "taga"),
        ("annetus tagasi", "tagasi"),
        ("refund of donation", "refund"),
        ("Donation RETURNED", "RETURNED"),
        ("возврат пожертвования, пожертвование", "возврат"),
        ("ei ole annetus", "ei"),  # B49
        ("See ei ole mingi annetus", "ei"),
        ("pole annetus", "pole"),
        ("mitte annetus", "mitte"),
        ("ei\nole annetust", "ei"),
        ('ei ole "annetus"', "ei"),
        ("not a donation", "not"),
        ("не пожертвование", "не"),
        ("annetus ei ole", "ei"),
        ("annetuseta", "annetuseta"),
        ("Annetus? Ei, arve", "Ei"),
        ("annetus - tühistatud", "tühistatud"),
        ("annetuse asemel pilet", "asemel"),
        ("annetus, arve 17", "arve"),
        ("annetus 0 eur", "0 eur"),
    ],
)
def test_a_denial_is_seen(text: str, by: str) -> None:
    found = find(text)
    assert isinstance(found, DeniedKeyword)
    assert text[slice(*found.by)] == by


def test_several_appeals_are_told_in_the_order_written() -> None:
    found = find("katus, annetus, katusele")
    assert isinstance(found, SeveralAppeals)
    assert [hit.appeal for hit in found.hits] == [ROOF.id, GENERAL.id]


def test_two_keywords_of_one_appeal_name_one_appeal() -> None:
    assert isinstance(find("annetus / donation"), OneAppeal)


@pytest.mark.parametrize(("text", "expected"), [("annetusmets", 2), ("annetus metsale", 1), ("annetusmetsale", 2)])
def test_of_two_keywords_at_one_place_the_longer_counts(text: str, expected: int) -> None:
    found = find(text, appeal(1, "annetus"), appeal(2, "annetusmets"))
    assert isinstance(found, OneAppeal)
    assert found.hit.appeal == expected


def test_a_keyword_of_several_words_allows_any_blanks_between() -> None:
    assert isinstance(find("Anneta \n targalt", appeal(1, "anneta targalt")), OneAppeal)
    assert isinstance(find("annetatargalt", appeal(1, "anneta targalt")), NearKeyword)


@pytest.mark.parametrize("text", ["kütus", "matus", "ka tus", "kat", "välikatus"])
def test_a_short_keyword_is_near_too_many_words(text: str) -> None:
    assert find(text, appeal(1, "katus")) == NoKeyword()


def test_a_short_keyword_has_look_alikes() -> None:
    assert isinstance(find("Кatus", appeal(1, "katus")), NearKeyword)


def test_digits_alone_are_no_look_alikes() -> None:
    assert find("100", appeal(1, "loo")) == NoKeyword()


def test_without_keywords_nothing_is_found() -> None:
    assert keywords.find(read("annetus"), ()) == NoKeyword()


LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))


@given(st.text(LETTERS, min_size=1), st.text(), st.text())
def test_a_keyword_inside_a_word_is_never_a_hit(letters: str, before: str, after: str) -> None:
    assume(fold(letters)[-1].isalpha())  # Ŀ is l and a dot
    found = keywords.find(read(f"{letters}annetus{after}"), (appeal(1, "annetus"),))
    if isinstance(found, OneAppeal):
        assert "annetus" in read(after).folded
    assert not isinstance(keywords.find(read(f"{before} annetus"), (appeal(1, "annetus"),)), NearKeyword | NoKeyword)


@given(st.text() | st.text("aаetnsudoοi0 \n\u200b", max_size=20))
def test_a_place_always_lies_in_the_text(text: str) -> None:
    for joined in (text + " annetus", "an " + text + "netus", text):
        found = find(joined)
        if isinstance(found, OneAppeal | NearKeyword | DeniedKeyword):
            start, end = found.hit.at
            assert 0 <= start < end <= len(joined)


@given(
    text=st.sampled_from(
        ["Annetus", "annetus katusele", "tere", "mitte annetus", "annetus tagasi", "anetus", "Mari Kask"]
    ),
    code=CODES,
    between=st.sampled_from([" ", " - ", "\n", ", "]),
    small=st.booleans(),
)
@example(text="Annetus", code=GivingCode("K7QM3T9E"), between=" ", small=True)
@example(text="Annetus", code=GivingCode("TZP4ARV2"), between=" ", small=False)
def test_a_code_of_the_giver_says_nothing(text: str, code: GivingCode, between: str, *, small: bool) -> None:
    """Not even where its characters would be an amount, a keyword, or a word that speaks against one."""
    written = between + (grouped(code).lower() if small else grouped(code))
    appeals = (GENERAL, ROOF, appeal(7, "tzp"))
    assert keywords.find(read(text + written), appeals, minor=5_000) == keywords.find(read(text), appeals, minor=5_000)


def test_without_knowing_of_codes_they_would_say_something() -> None:
    said = against("annetus k7qm 3t9e", minor=5_000)
    assert said is not None
    assert said.what is What.AMOUNT
    assert isinstance(find("annetus tzp", GENERAL, appeal(7, "tzp")), SeveralAppeals)

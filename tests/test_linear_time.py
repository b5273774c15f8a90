"""Nothing that meets a file's bytes or a payer's text takes more than linear time: the worst of it is tried."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.attack import BYTES, TooSlowError, attacks, seconds_of
from tests.readers import camt_sample, ofx_sample

import donations
from donations.core import statement
from donations.core.donor import Appeal, AppealId
from donations.core.giving_code import giving_codes, without_giving_codes
from donations.core.iban import ibans_in, ibans_readable_in, parse_account, parse_iban
from donations.core.keyword import fold, parse_keyword
from donations.core.money import EUR, BadAmountError, BadCurrencyError, parse_currency, parse_minor
from donations.core.name import name_key
from donations.core.person_code import codes_in, parse_code
from donations.core.problem import Refused
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.matching import keywords, payer, standing_rules, written
from donations.readers.registry import read
from donations.reports import table

METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")
MADE_OF_WORDS = {"matching.keywords", "matching.near", "matching.standing_rules"}
"""Modules that make patterns of a treasurer's words while they run; `ENTRIES` has what uses them."""
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pattern of ours, and how it is used."""

    where: str
    pattern: re.Pattern[Any]
    methods: tuple[str, ...]


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every module of ours but migrations."""
    names = (each.name for each in pkgutil.walk_packages(donations.__path__, "donations."))
    return tuple(importlib.import_module(name) for name in names if "__main__" not in name and "migrations" not in name)


def tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def patterns() -> Iterator[Found]:
    """Yield every pattern that stands in a module, by name or where it is used."""
    used: dict[str, set[str]] = {}
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                name = node.value.id
                used.setdefault(f"{module.__name__}.{name}" if name.startswith("_") else name, set()).add(node.attr)
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                where = f"{module.__name__}.{name}"
                methods = used.get(where, used.get(name, {"search"}))
                yield Found(where=where, pattern=pattern, methods=tuple(sorted(methods)))
        for call in _calls_of_re(tree(module)):
            if isinstance(call.args[0], ast.Constant) and call.func.attr != "compile":
                where = f"{module.__name__}:{call.lineno}"
                yield Found(where=where, pattern=re.compile(call.args[0].value), methods=(call.func.attr,))


def _patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _patterns_in(each)
    elif isinstance(value, dict):
        yield from _patterns_in(list(value.values()))


def _calls_of_re(node: ast.AST) -> Iterator[Any]:
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        of = call.func.value
        if isinstance(of, ast.Name) and of.id == "re" and call.func.attr in {"compile", *METHODS}:
            yield call


def test_no_pattern_takes_more_than_linear_time() -> None:
    checked, too_slow = 0, []
    for found in patterns():
        checked += 1
        if any(_is_slow(found.pattern, method, text) for method in found.methods for text in attacks(found.pattern)):
            too_slow.append(found.where)
    assert too_slow == []
    assert checked > 100


def _is_slow(pattern: re.Pattern[Any], method: str, text: Any) -> bool:
    try:
        seconds_of(lambda: _run(pattern, method, text))
    except TooSlowError:
        return True
    return False


def _run(pattern: re.Pattern[Any], method: str, text: Any) -> None:
    if method == "sub":
        pattern.sub(text[:0], text)
    elif method == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)


def test_patterns_made_while_running_are_those_of_the_treasurers_words() -> None:
    made = {
        module.__name__.removeprefix("donations.")
        for module in modules()
        for function in ast.walk(tree(module))
        if isinstance(function, ast.FunctionDef)
        for call in _calls_of_re(function)
        if not isinstance(call.args[0], ast.Constant)
    }
    assert made <= MADE_OF_WORDS


APPEALS = (
    Appeal(
        id=AppealId(1),
        name="Fond",
        keywords=(parse_keyword("annetus"), parse_keyword("suur fond"), parse_keyword("пожертвование")),
        references=(Reference("20260011"),),
    ),
)
RULE = standing_rules.Condition(direction=standing_rules.Direction.IN, words=("annetus", "suur fond"))


def money(text: str) -> None:
    """Read an amount and a currency, which refuse nearly everything."""
    for parse in (lambda: parse_minor(text, currency=EUR, mark="."), lambda: parse_currency(text)):
        with suppress(BadAmountError, BadCurrencyError):
            parse()


ENTRIES: dict[str, Callable[[str], object]] = {
    "accounts": lambda text: (parse_iban(text), parse_account(text)),
    "IBANs in a text": ibans_in,
    "IBANs that people may read in a text": ibans_readable_in,
    "codes": lambda text: (parse_code(text), codes_in(text)),
    "codes of givers": lambda text: (giving_codes(text), without_giving_codes(text)),
    "references": lambda text: (parse_reference(text), split_remittance(text)),
    "amounts": money,
    "names": lambda text: (fold(text), name_key(text)),
    "keywords": lambda text: keywords.find(written.read(text), APPEALS),
    "keywords behind one": lambda text: keywords.find(written.read(f"annetus {text}"), APPEALS),
    "keywords before one": lambda text: keywords.find(written.read(f"{text} annetus"), APPEALS),
    "references in a text": lambda text: keywords.find_reference(None, written.read(text), APPEALS),
    "codes of the payer": lambda text: payer.claimed_code(None, text),
    "standing rules": RULE.places,
    "CSV": lambda text: table.csv_part([[text]]),
    "file names": statement.shown_name,
}
WORDS = (
    *("a", " ", "\n", "\r\n", "\t", "1", "1 ", "1\n", "-", "_", "=", ";", ".", ",", "/", "'", '"', "<", "&", "#"),
    *("RF", "RF1 ", "RF31121312952 ", "/RFB/", "/RFB/1/TXT/", "viit", "viit ", "viit nr ", "viide: ", "ref.", "ref: "),
    *(
        "EE",
        "EE38 ",
        "EE38 2200 2210 2014 5685 ",
        "EE38220022102014568",
        "AA11 1 1 ",
        "A1B2",
        "K7QM-3TZP ",
        "k7qm\n",
        "aa11a",
        "NO93 8601 1117 94",
    ),
    *("reg", "reg ", "regkood ", "rg 1234567", "49403136526", "49403136526 ", "4940313652\n6 ", "12345678901 "),
    *(
        "annetus",
        "annetus ",
        "annetu",
        "annet",
        "annetus\n",
        "a n n e t u s ",
        "ann\net\nus",
        "аннетус",
        "suur ",
        "suur\n",
    ),
    *("ei ", "ei", "mitte annetus ", "ei annetus ei ", "tagas", "tagas\nt", "tagasi", "не ", "no! ", "ära", "пожертв"),
    *(
        "\u0301",
        "ü",
        "\ufb01",
        "\u200b",
        "\u1160",
        "\uff1d",
        "E+1",
        "1.000",
        "0.",
        "1,",
        "(..1234) ",
        "&amp",
        "&#1",
        "\\",
    ),
)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_text_of_a_payer_takes_more_than_linear_time(entry: str) -> None:
    for word in WORDS:
        text = (word * (BYTES // len(word.encode()) + 1)).encode()[:BYTES].decode(errors="ignore")
        seconds_of(partial(ENTRIES[entry], text))


def camt(inside: str) -> bytes:
    """Return a statement with one entry and something more in it."""
    return camt_sample.document(camt_sample.HEAD + inside)


def mt940(inside: str) -> bytes:
    """Return a statement of SWIFT with one line and something more behind it."""
    head = ":20:S1\n:25:EE237700010000000016\n:28C:1/1\n:60F:C260228EUR0,\n:61:2603150315C10,NTRFNONREF\n"
    return f"{head}{inside}\n:62F:C260331EUR10,\n-\n".encode()


LHV = Path(__file__).parents[1] / "statements" / "lhv-2026-01-same-month.csv"
HEADER, ROW = LHV.read_text(encoding="utf-8").splitlines()[:2]
FILES: dict[str, Callable[[str], bytes]] = {
    "nothing else": lambda unit: many(unit).encode(),
    "before a document": lambda unit: many(unit).encode() + camt_sample.document(camt_sample.HEAD),
    "a document's attributes": lambda unit: b"<BkToCstmr/>" + many(f"<Document {unit}").encode(),
    "behind a document": lambda unit: camt_sample.document(camt_sample.HEAD) + many(unit).encode(),
    "a statement": lambda unit: camt(many(unit)),
    "an entry": lambda unit: camt(camt_sample.entry(many(unit))),
    "a text of camt": lambda unit: camt(
        camt_sample.entry(camt_sample.details(f"<RmtInf><Ustrd>{many(unit)}</Ustrd></RmtInf>"))
    ),
    "an amount of camt": lambda unit: camt(camt_sample.entry(amount=many(unit))),
    "a day of camt": lambda unit: camt(camt_sample.entry(dates=f"<BookgDt><Dt>{many(unit)}</Dt></BookgDt>")),
    "before OFX": lambda unit: many(unit).encode() + ofx_sample.gift(),
    "OFX's header": lambda unit: b"OFXHEADER:100\n" + many(unit).encode() + ofx_sample.gift(),
    "OFX": lambda unit: ofx_sample.ofx(many(unit)),
    "OFX's list": lambda unit: ofx_sample.ofx(ofx_sample.statement(many(unit))),
    "a transaction": lambda unit: ofx_sample.gift(MEMO=f"x</MEMO>{many(unit)}<MEMO>"),
    "a memo": lambda unit: ofx_sample.gift(MEMO=many(unit)),
    "an amount of OFX": lambda unit: ofx_sample.gift(TRNAMT=many(unit)),
    "MT940's text": lambda unit: mt940(f":86:166?20{many(unit)}"),
    "MT940's text by names": lambda unit: mt940(f":86:/NAME/Mari/REMI/{many(unit)}"),
    "a line of MT940": lambda unit: mt940(f":61:{many(unit)}"),
    "messages of MT940": lambda unit: mt940(f"-\n{many(unit)}"),
    "a heading": lambda unit: f"{HEADER}{many(unit)}\n{ROW}\n".encode(),
    "rows": lambda unit: f"{HEADER}\n{many(unit)}\n{ROW}\n".encode(),
    "a cell": lambda unit: f"{HEADER}\n{ROW.replace('Annetus', many(unit))}\n".encode(),
}
UNITS = (
    *(
        "?",
        "?20",
        "?2",
        "?20x?21",
        "/REMI/",
        "/NAME/x",
        "SVWZ+",
        "EREF+x",
        "\n:61:",
        "\n:86:x",
        "\n-",
        "\n:20:S",
        "@@:20:",
    ),
    *("\n{1:", "{4:", "\n:60M:C260228EUR0,", "\n:62M:C260228EUR0,", "\n:61:2603150315C10,NTRFNONREF", "-}"),
    *(
        "<!---->",
        "<!--",
        "-->",
        "<??>",
        "<?x",
        "<?xml ",
        "<?xml version='1.0' encoding=",
        "<!DOCTYPE",
        "<![CDATA[",
        "]]>",
    ),
    *(
        "<a>",
        "</a>",
        "<a/>",
        "<a b='c'>",
        "<a b=",
        "'",
        '"',
        '="',
        "<",
        ">",
        "<TxDtls/>",
        "<Ustrd>a</Ustrd>",
        "<Document>",
    ),
    *(
        "<Othr><Id>1</Id></Othr>",
        "<NtryDtls>",
        "</Stmt><Stmt>",
        "<Bal/>",
        "<Ntry/>",
        "<Amt>1</Amt>",
        "<Document '",
        "<Stmt>",
    ),
    *(
        "<OFX>",
        "</OFX>",
        "<OFX ",
        "<STMTTRN>",
        "</STMTTRN>",
        "<STMTTRN><NAME>",
        "<STMTRS>",
        "<MEMO>",
        "<NAME>a",
        "<BANKTRANLIST>",
    ),
    *(
        "<TRNAMT>1,000",
        "<FITID>",
        "<b>",
        "</b>",
        "<x.y>",
        "&amp;",
        "&#1;",
        "&",
        "OFXHEADER:",
        "ENCODING:",
        "ENCODING: ",
        "CHARSET:",
    ),
    *(
        '"',
        '""',
        '","',
        '";"',
        '"\n',
        "'",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\0",
        "\x1a",
        "\ufeff",
        ROW + "\n",
        HEADER + "\n",
    ),
    *(
        "1",
        "1.",
        "1,000",
        "E+1",
        "2026-01-05",
        "a",
        "a ",
        "õ",
        "\ufdfa",
        ":20:",
        ":20:\n",
        "@@:20:",
        "{4:",
        "{1:",
        "{",
        "PK",
        "%PDF",
    ),
)


def many(unit: str) -> str:
    """Return one thing again and again."""
    return (unit * (BYTES // len(unit.encode()) + 1)).encode()[:BYTES].decode(errors="ignore")


@pytest.mark.parametrize("place", FILES)
def test_no_file_takes_more_than_linear_time_or_fails_otherwise_than_by_a_refusal(place: str) -> None:
    for unit in UNITS:
        content = FILES[place](unit)
        assert "unreadable_file" not in read_within(content)


def read_within(content: bytes) -> set[str]:
    """Return the codes of what reading says, if it says so in time."""
    said: set[str] = set()
    seconds_of(lambda: said.update(_codes(content)))
    return said


def _codes(content: bytes) -> set[str]:
    try:
        problems = read(content, today=TODAY).notices
    except Refused as refused:
        problems = refused.problems
    return {problem.code.value for problem in problems}

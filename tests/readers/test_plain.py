"""Facts come back from plain values as they were; what is not exactly of its declared type does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from tests.readers.camt_sample import HEAD, details, document, entry, party
from tests.readers.test_refused import samples as small_samples
from tests.readers.test_samples import samples

from donations.core.lines import Fact, Lines, StatedLine
from donations.core.problem import Problem, Refused
from donations.core.statement import StatementLine
from donations.readers import columns
from donations.readers.camt053 import CAMT053
from donations.readers.columns import FactsIn, FactsOut
from donations.readers.plain import BadMessageError, dumps, loads, plain_problems, problems_of
from donations.readers.registry import READERS
from donations.readers.sniffer import choose

MARI = "<RltdPties><Dbtr><Nm>Mari</Nm><Id><PrvtId><Othr><Id>49403136515</Id></Othr></PrvtId></Id></Dbtr></RltdPties>"
LINE = entry(details(MARI.replace("</RltdPties>", party("Dbtr", "", "EE782200221020001114") + "</RltdPties>")))
FILE = document(HEAD + LINE.replace("<Amt", "<AcctSvcrRef>A12345</AcctSvcrRef><Amt", 1) + entry())


def stated(content: bytes) -> list[Fact]:
    """Return what a file states, or what it is refused for."""
    try:
        return list(choose(content, READERS).facts(content))
    except Refused as refused:
        return [*refused.problems]


def whole(facts: Iterable[Fact | Lines]) -> list[object]:
    """Return facts with every line whole, however many came together."""
    found: list[object] = []
    for fact in facts:
        found += fact if isinstance(fact, Lines) else [fact.whole if isinstance(fact, StatedLine) else fact]
    return found


def sent(facts: Sequence[Fact], at_once: int) -> list[object]:
    """Return what arrives of facts that are sent so many at once."""
    out, into = FactsOut(), FactsIn()
    batches = (facts[at : at + at_once] for at in range(0, len(facts), at_once))
    return whole(fact for batch in batches for fact in into.facts(loads(dumps(out.plain(batch)))))


@pytest.mark.parametrize(("at_once", "known"), [(200, 30_000), (1, 2), (3, 1)])
def test_every_fact_of_every_sample_comes_back(at_once: int, known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few values both sides remember."""
    monkeypatch.setattr(columns, "DISTINCT_MAX", known)
    for sample in (*samples(), *small_samples("noticed"), *small_samples("refused")):
        facts = stated(sample.read_bytes())
        assert sent(facts, at_once) == whole(facts), sample.name
        problems = [each for each in facts if isinstance(each, Problem)]
        assert problems_of(loads(dumps(plain_problems(problems)))) == problems, sample.name


def test_lines_are_the_lines_that_were_stated() -> None:
    for sample in samples():
        facts = [fact for fact in stated(sample.read_bytes()) if isinstance(fact, StatedLine)]
        made, lines = [fact.whole for fact in facts], Lines.of(facts)
        grown = Lines.of(facts[:1])
        for fact in facts[1:]:
            grown.append(fact)
        assert list(map(StatedLine.of, made)) == facts
        assert (len(lines), lines[1:], list(grown)) == (len(made), made[1:], made)
        assert lines == grown
        assert lines != made[1:]
        assert [lines[at] for at in range(-len(made), len(made))] == made * 2


TOLD, COLUMNS = 1, 2
Spoil = Callable[[list[Any], list[Any]], object]
SPOILT: dict[str, Spoil] = {
    "no row": lambda _, columns: columns[0].pop(),
    "a row that is text": lambda _, columns: columns[0].__setitem__(0, "1"),
    "a row that is true": lambda _, columns: columns[0].__setitem__(0, True),
    "a row larger than databases keep": lambda _, columns: columns[0].__setitem__(0, 2**64),
    "no money": lambda _, columns: columns[2].__setitem__(0, 0),
    "money that is a float": lambda _, columns: columns[2].__setitem__(0, 10.0),
    "money past the range": lambda _, columns: columns[2].__setitem__(0, 10**13),
    "money out past the range": lambda _, columns: columns[2].__setitem__(0, -(10**13)),
    "no currency": lambda told, _: told[1][0].update(currency="euro"),
    "a day that is none": lambda told, _: told[0].__setitem__(0, "2026-02-30"),
    "an IBAN that is none": lambda told, _: told[1][0]["counterparty"].update(account="EE782200221020001115"),
    "a code that is none": lambda told, _: told[1][0]["counterparty"].update(code="49403136514"),
    "a reference that is none": lambda told, _: told[1][0].update(reference="12345"),
    "a name with NUL": lambda told, _: told[1][0]["counterparty"].update(name="Mari\0"),
    "half a letter": lambda told, _: told[1][0].update(text="\ud800"),
    "a field that nobody knows": lambda told, _: told[1][0].update(__class__="str"),
    "a kind that nobody knows": lambda told, _: told[1][0].update(kind="gift"),
    "parts that are text": lambda told, _: told[1][0].update(parts="abc"),
    "another class in place of an account": lambda told, _: told[1][0]["counterparty"].update(account=["Refused", {}]),
    "a scheme that nobody knows": lambda told, _: told[2].__setitem__(0, ["iban"]),
    "an id with NUL": lambda _, columns: columns[5].__setitem__(0, "A\0"),
    "an id that is a number": lambda _, columns: columns[5].__setitem__(0, 17),
    "an id too many": lambda _, columns: columns[5].append("A"),
    "an id too few": lambda _, columns: columns[5].clear(),
    "a day that was not told": lambda _, columns: columns[1].__setitem__(0, 1),
    "a saying counted from the end": lambda _, columns: columns[3].__setitem__(0, -1),
    "a saying that is true": lambda _, columns: columns[3].__setitem__(0, True),
    "a value date that was not told": lambda _, columns: columns[6].__iadd__([0, 7]),
    "value dates of some lines": lambda _, columns: columns[6].append(0),
    "no columns": lambda _, columns: columns.clear(),
    "empty columns": lambda _, columns: [each.clear() for each in columns],
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_line_is_none(how: str) -> None:
    plain = json.loads(dumps(FactsOut().plain(list(CAMT053.facts(FILE)))))
    (lines,) = (each for each in plain if each[0] == "lines")
    assert [type(each) for each in whole(FactsIn().facts([lines]))] == [StatementLine] * 2
    SPOILT[how](lines[TOLD], lines[COLUMNS])
    with pytest.raises(BadMessageError):
        FactsIn().facts([lines])


@pytest.mark.parametrize(
    "lines", [["lines"], ["lines", [[], [], []]], ["StatedLine", {}], ["StatementLine", {"row": 1}]]
)
def test_what_are_no_facts_are_none(lines: object) -> None:
    with pytest.raises(BadMessageError):
        FactsIn().facts([lines])


@pytest.mark.parametrize("problem", [{"code": "no_such"}, {"code": "bad_ofx"}, {}, [], "bad_ofx"])
def test_a_problem_that_cannot_be_told_is_none(problem: object) -> None:
    assert problems_of([{"code": "bad_ofx", "values": [["what", "a"]]}]) != list[Problem]()
    with pytest.raises(BadMessageError):
        problems_of([problem])

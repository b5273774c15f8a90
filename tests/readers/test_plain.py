"""Facts come back from plain values as they were; what is not exactly of its declared type does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.readers.camt_sample import HEAD, details, document, entry, facts, party
from tests.readers.test_refused import samples as small_samples
from tests.readers.test_samples import samples

from donations.core.problem import Problem, Refused
from donations.core.statement import Fact
from donations.readers.plain import BadMessageError, dumps, facts_of, loads, plain_facts, plain_problems, problems_of
from donations.readers.registry import READERS
from donations.readers.sniffer import choose

MARI = "<RltdPties><Dbtr><Nm>Mari</Nm><Id><PrvtId><Othr><Id>49403136515</Id></Othr></PrvtId></Id></Dbtr></RltdPties>"
LINE = entry(details(MARI.replace("</RltdPties>", party("Dbtr", "", "EE782200221020001114") + "</RltdPties>")))


def stated(content: bytes) -> list[Fact]:
    """Return what a file states, or what it is refused for."""
    try:
        return list(choose(content, READERS).facts(content))
    except Refused as refused:
        return [*refused.problems]


def test_every_fact_of_every_sample_comes_back() -> None:
    for sample in (*samples(), *small_samples("noticed"), *small_samples("refused")):
        known = stated(sample.read_bytes())
        assert facts_of(loads(dumps(plain_facts(known)))) == known, sample.name
        problems = [each for each in known if isinstance(each, Problem)]
        assert problems_of(loads(dumps(plain_problems(problems)))) == problems, sample.name


Spoil = Callable[[dict[str, Any]], object]
SPOILT: dict[str, Spoil] = {
    "no row": lambda line: line.pop("row"),
    "a row that is text": lambda line: line.update(row="1"),
    "a row that is true": lambda line: line.update(row=True),
    "a row larger than databases keep": lambda line: line.update(row=2**64),
    "no money": lambda line: line.update(money=[0, "EUR"]),
    "money that is a float": lambda line: line.update(money=[10.0, "EUR"]),
    "money past the range": lambda line: line.update(money=[10**13, "EUR"]),
    "no currency": lambda line: line.update(money=[1000, "euro"]),
    "a day that is none": lambda line: line.update(booked_on="2026-02-30"),
    "an IBAN that is none": lambda line: line["counterparty"].update(account="EE782200221020001115"),
    "a code that is none": lambda line: line["counterparty"].update(code="49403136514"),
    "a reference that is none": lambda line: line.update(reference="12345"),
    "a name with NUL": lambda line: line["counterparty"].update(name="Mari\0"),
    "half a letter": lambda line: line.update(text="\ud800"),
    "a field that nobody knows": lambda line: line.update(__class__="str"),
    "a kind that nobody knows": lambda line: line.update(kind="gift"),
    "parts that are text": lambda line: line.update(parts="abc"),
    "another class in place of an account": lambda line: line["counterparty"].update(account=["Refused", {}]),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_line_is_none(how: str) -> None:
    plain = json.loads(dumps(plain_facts(facts(document(HEAD + LINE)))))
    name, line = next(each for each in plain if each[0] == "StatementLine")
    assert facts_of([[name, line]])
    SPOILT[how](line)
    with pytest.raises(BadMessageError):
        facts_of([[name, line]])


@pytest.mark.parametrize("problem", [{"code": "no_such"}, {"code": "bad_ofx"}, {}, [], "bad_ofx"])
def test_a_problem_that_cannot_be_told_is_none(problem: object) -> None:
    assert problems_of([{"code": "bad_ofx", "values": [["what", "a"]]}]) != list[Problem]()
    with pytest.raises(BadMessageError):
        problems_of([problem])

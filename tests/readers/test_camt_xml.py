"""XML is read safely, in any encoding, and what is damaged or dangerous is refused by its own code and line."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.readers.camt_sample import HEAD, OWN, PAYER, codes, details, document, entry, facts, party, problems

from donations.core.problem import ProblemCode, Refused
from donations.core.statement import StatementLine
from donations.readers.camt053 import CAMT053
from donations.readers.camt_xml import CHILD_BYTES_MAX, CHILD_TAGS_MAX, Item, Node, stream

PLAIN = document(HEAD + entry(details(f"<RltdPties>{party('Dbtr', 'Õnne Šokk', PAYER)}</RltdPties>")))


def nodes(content: bytes) -> list[Node]:
    found = stream(content, container="S", item="N", groups=frozenset({"G"}))
    return [each.node() if isinstance(each, Item) else each for each in found if isinstance(each, Item | Node)]


def name_of(content: bytes) -> str:
    (found,) = (fact.counterparty.name for fact in facts(content) if isinstance(fact, StatementLine))
    return found


def test_children_come_whole_and_in_order_and_what_stands_before_the_container_comes_first() -> None:
    content = b"<D><H><a>1</a></H><S><A>x</A><N><b><c>2</c></b></N><N/><Z/></S><S/></D>"
    assert [(node.name, node.texts) for node in nodes(content)] == [
        ("H", {"a": ["1"]}),
        ("S", {}),
        ("A", {"": ["x"]}),
        ("N", {"b/c": ["2"]}),
        ("N", {"": [""]}),
        ("Z", {"": [""]}),
        ("S", {}),
    ]


def test_groups_are_nodes_even_where_they_are_empty() -> None:
    (node,) = (each for each in nodes(b"<S><N><x><G><a>1</a></G></x><x><G/></x><a>2</a></N></S>") if each.name == "N")
    assert [group.texts for group in node.group("x/G")] == [{"a": ["1"]}, {}]
    assert node.texts == {"a": ["2"]}


def test_an_item_inside_an_item_is_a_part_of_it() -> None:
    inner = nodes(b"<S><N><x><N><a>1</a></N></x></N></S>")
    assert [(node.name, node.texts) for node in inner] == [("S", {}), ("N", {"x/N/a": ["1"]})]


def test_a_text_with_elements_inside_is_no_text() -> None:
    assert codes(document(HEAD + entry(amount="1<x/>000.00"))) == [ProblemCode.MISSING_FIELD]


@pytest.mark.parametrize("amount", ["1<!-- -->000.00", "1<?x y?>000.00", "<![CDATA[1000]]>.00", " \n1000.00\t"])
def test_comments_instructions_and_cdata_do_not_cut_a_number(amount: str) -> None:
    (found,) = (fact for fact in facts(document(HEAD + entry(amount=amount))) if isinstance(fact, StatementLine))
    assert found.money.signed_minor == 100_000


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.decode().encode("utf-8-sig"),
        PLAIN.decode().encode("utf-16"),
        PLAIN.decode().encode("utf-16-le"),
        PLAIN.decode().encode("utf-16-be"),
        PLAIN.replace(b' encoding="UTF-8"', b""),
        PLAIN.decode().replace("UTF-8", "ISO-8859-13").encode("iso8859-13"),
        PLAIN.decode().replace("UTF-8", "windows-1257").encode("cp1257"),
    ],
)
def test_names_are_exact_in_every_honest_encoding(content: bytes) -> None:
    assert CAMT053.claims(content)
    assert name_of(content) == "Õnne Šokk"
    assert codes(content) == []


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1252", "US-ASCII", "utf-16"])
def test_utf8_that_declares_something_else_is_read_as_utf8_and_said(declared: str) -> None:
    content = PLAIN.replace(b"UTF-8", declared.encode())
    assert name_of(content) == "Õnne Šokk"
    assert codes(content) == [ProblemCode.ENCODING_DETECTED]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (PLAIN.replace(b"UTF-8", b"UTF-7"), ProblemCode.UNSUPPORTED_ENCODING, None),
        (PLAIN.replace(b"UTF-8", b"no-such"), ProblemCode.UNSUPPORTED_ENCODING, None),
        (PLAIN.decode().encode("utf-32"), ProblemCode.UNSUPPORTED_ENCODING, None),
        (PLAIN.decode().encode("cp1257"), ProblemCode.BAD_ENCODING, 4),
        (PLAIN.replace(b"Nm>", b"Nm>\x01", 1), ProblemCode.CONTROL_CHARACTERS, 4),
        (PLAIN.replace(b"</Nm>", b"</Mn>"), ProblemCode.BAD_XML, 4),
        (PLAIN.replace(b"</Nm>", b"&amp</Nm>"), ProblemCode.BAD_XML, 4),
        (PLAIN.replace(b"</Nm>", b"&name;</Nm>"), ProblemCode.BAD_XML, 4),
        (PLAIN + b"trailing", ProblemCode.BAD_XML, 7),
        (PLAIN + PLAIN, ProblemCode.BAD_XML, 7),
        (PLAIN.replace(b"<Nm>", b"<a>" * 40 + b"<Nm>").replace(b"</Nm>", b"</Nm>" + b"</a>" * 40), "complex", 4),
        (PLAIN.replace(b"<Nm>", b"<a>" * 400 + b"<Nm>").replace(b"</Nm>", b"</Nm>" + b"</a>" * 400), "complex", 4),
        (PLAIN.replace(b"<Nm>", b"<Nm>" + b"x" * 70_000), "complex", 4),
        (PLAIN.replace(b"</GrpHdr>", b"<a>b</a>" * (CHILD_BYTES_MAX // 7) + b"</GrpHdr>"), "complex", None),
    ],
)
def test_what_is_damaged_is_refused_with_its_line(content: bytes, code: ProblemCode | str, row: int | None) -> None:
    (problem,) = (each for each in problems(content) if each.refuses)
    assert problem.code == (ProblemCode.FILE_TOO_COMPLEX if code == "complex" else code)
    assert problem.line == row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Document [<!ENTITY x "1">]>',
        '<!-- a --><!-- b --><?c d?>\n<!DOCTYPE Document SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]>',
    ],
)
def test_a_document_type_is_refused_wherever_it_stands(doctype: str, encoding: str) -> None:
    content = PLAIN.decode().replace("?>\n", f"?>\n{doctype}", 1).encode(encoding)
    assert CAMT053.claims(content)
    assert codes(content) == [ProblemCode.XML_DTD_FORBIDDEN]


def test_every_beginning_of_a_file_is_refused_as_incomplete() -> None:
    whole = PLAIN.rstrip()
    for end in range(len(whole)):
        content = whole[:end]
        if CAMT053.claims(content):
            assert codes(content) == [ProblemCode.INCOMPLETE_FILE], content[-40:]
    assert codes(whole) == []


def test_memory_does_not_grow_with_the_entries() -> None:
    measure = """
import resource
from collections import deque
from tests.readers.camt_sample import CAMT053, HEAD, details, document, entry
content = document(HEAD + entry(details("<RmtInf><Ustrd>Annetus</Ustrd></RmtInf>")) * 40_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
deque(CAMT053.facts(content), maxlen=0)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / len(content))
"""
    grown = subprocess.run([sys.executable, "-c", measure], capture_output=True, text=True, check=True).stdout
    assert float(grown) < 0.5, "a tree of the whole file takes ten times its size"


def test_lines_are_told_beyond_the_number_that_the_parser_keeps_in_an_element() -> None:
    content = document(HEAD + "\n" * 70_000 + entry(amount="x"))
    (problem,) = problems(content)
    assert problem.line == content[: content.index(b"<Ntry>")].count(b"\n") + 1


def test_no_name_and_no_number_of_an_account_is_in_a_message() -> None:
    for content in (PLAIN.replace(b"</Nm>", b"</Mn>"), PLAIN.replace(b"10.00", b"ten")):
        (problem,) = problems(content)
        assert not any(word in problem.message for word in ("Õnne", "Šokk", OWN, PAYER, "ten."))


DECLARED = document(HEAD + entry(amount="10,00"))


@pytest.mark.parametrize("before", [b"\n", b"\r\n\r\n", b" \t\n", b"\xef\xbb\xbf\n"])
def test_blank_lines_before_the_declaration_are_passed_over_and_lines_stay(before: bytes) -> None:
    (plain,), (moved,) = problems(DECLARED), problems(before + DECLARED)
    assert plain.line is not None
    assert (moved.code, moved.line) == (ProblemCode.BAD_AMOUNT, plain.line + before.count(b"\n"))


def test_blank_lines_before_a_declaration_that_names_an_encoding_leave_it_its_say() -> None:
    text = PLAIN.decode().replace("UTF-8", "windows-1257")
    assert name_of(b"\n" + text.encode("cp1257")) == "Õnne Šokk"


def test_an_entry_of_too_many_elements_is_refused_before_it_fills_the_memory() -> None:
    many = b"<S><N>" + b"<a/>" * (CHILD_TAGS_MAX + CHILD_TAGS_MAX // 10) + b"</N></S>"
    assert len(many) < CHILD_BYTES_MAX
    with pytest.raises(Refused) as refused:
        nodes(many)
    assert refused.value.problems[0].code is ProblemCode.FILE_TOO_COMPLEX

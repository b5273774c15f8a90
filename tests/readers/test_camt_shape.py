"""An entry of a usual shape is read as the definition reads it, whatever stands in it and was read before it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.camt_sample import HEAD, OTHER, OWN, PAYER, document
from tests.readers.stated import Stated, stated

from donations.core.problem import Refused
from donations.core.statement import StatementLine
from donations.readers import camt_shape
from donations.readers.camt053 import CAMT053
from donations.readers.camt_shape import Shapes


def one_of(*parts: str) -> st.SearchStrategy[str]:
    """Return the first part, and any other now and then."""
    return st.sampled_from(parts[:1] * 6 + parts)


DAY = one_of(
    "<Dt>2026-01-05</Dt>", "<Dt>2026-01-06</Dt>", "<DtTm>2026-01-07T10:00:00</DtTm>", "<Dt/>", "<Dt>x</Dt>", ""
)
NAME = one_of(
    "<Nm>Mari</Nm>", "<Nm> Mari &amp; J&#252;ri&#13; </Nm>", "<Pty><Nm>OÜ &lt;Kass&gt;</Nm></Pty>", "<Nm/>", ""
)
CODE = one_of("", *(f"<Id><PrvtId><Othr><Id>{code}</Id>{{}}</Othr></PrvtId></Id>" for code in ("49403136515", "17")))
ACCOUNT = st.sampled_from((PAYER, OTHER, OWN, "17")).map(lambda text: f"<Id><IBAN>{text}</IBAN></Id>")
NUMBER = one_of("A1234567", "NOTPROVIDED", " B&amp;2 ", "", "7", "A" * 200)
TEXT = one_of("Annetus", " annetus &gt; kass", "/RFB/121312952/TXT/aitäh", "", "<![CDATA[<b>]]>", "a<!-- -->b")


@st.composite
def entries(draw: st.DrawFn) -> str:
    """Return an entry as banks write them, and as nobody does."""

    def some(inside: str, chance: int = 30) -> str:
        return inside if draw(st.integers(0, chance)) else ""  # the same tags more often than not

    def numbers(*names: str) -> str:
        return "".join(some(f"<{name}>{draw(NUMBER)}</{name}>") for name in names)

    sides = [
        some(f"<{side}>{draw(NAME)}{draw(CODE).format(some('<SchmeNm><Cd>NIDN</Cd></SchmeNm>'))}</{side}>")
        + some(f"<{side}Acct>{draw(ACCOUNT)}</{side}Acct>")
        for side in ("Dbtr", "Cdtr")
    ]
    texts = "".join(f"<Ustrd>{draw(TEXT)}</Ustrd>" for _ in range(draw(st.sampled_from((1, 1, 1, 1, 0, 2)))))
    rare = draw(
        one_of(*[""] * 12, "<Amt Ccy='EUR'>5.00</Amt>", "<RtrInf/>", "<Refs><TxId>T1234567</TxId></Refs>", "<Chrgs/>")
    )
    refs = f"<Refs>{numbers('MsgId', 'AcctSvcrRef', 'EndToEndId', 'InstrId', 'TxId', 'UETR')}</Refs>"
    payment = (
        f"<TxDtls>{some(refs)}<RltdPties>{''.join(sides)}</RltdPties>{rare}{some(f'<RmtInf>{texts}</RmtInf>')}</TxDtls>"
    )
    amount = draw(one_of("10.00", "25.50", " 7 ", "0.00", "-5.00", "x", "1&amp;0"))
    parts = (
        numbers("NtryRef"),
        f"<Amt Ccy='{draw(one_of('EUR', 'EUR', 'USD'))}'>{amount}</Amt>",
        f"<CdtDbtInd>{draw(one_of('CRDT', 'CRDT', 'DBIT'))}</CdtDbtInd>",
        draw(one_of("", "", "<RvslInd>true</RvslInd>")),
        draw(one_of("<Sts>BOOK</Sts>", "", "<Sts>PDNG</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")),
        f"<BookgDt>{draw(DAY)}</BookgDt>",
        some(f"<ValDt>{draw(DAY)}</ValDt>"),
        numbers("AcctSvcrRef"),
        some(f"<NtryDtls>{payment * draw(st.sampled_from((1,) * 20 + (2,)))}</NtryDtls>"),
        some("<AddtlNtryInf>pank</AddtlNtryInf>"),
    )
    return f"<Ntry>{''.join(parts)}</Ntry>\n"


def outcome(content: bytes) -> list[Stated]:
    try:
        return stated(CAMT053, content)
    except Refused as refused:
        return list(refused.problems)


@settings(max_examples=60)
@given(st.lists(entries(), min_size=2, max_size=5), st.sampled_from(("", "n:")), st.integers(2, 3))
def test_what_is_read_by_shape_is_what_the_definition_reads(drawn: list[str], prefix: str, times: int) -> None:
    content = document(HEAD + "".join(drawn * times), HEAD + "".join(drawn))
    if prefix:
        content = (
            content.replace(b"</", b"<//").replace(b"<", b"<n:").replace(b"<n://", b"</n:").replace(b"<n:?", b"<?")
        )
        content = content.replace(b"<n:!", b"<!").replace(b"xmlns=", b"xmlns:n=")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(camt_shape, "_KNOWN_MAX", 3)
        found = outcome(content)
        patch.setattr(Shapes, "cut", lambda *_: None)
        assert found == outcome(content)


@pytest.mark.parametrize("name", ["x", "xmlns:x"])
def test_what_looks_like_a_tag_in_an_attribute_is_none(name: str) -> None:
    inside = "<Amt Ccy='EUR'>10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-01-05</Dt></BookgDt>"
    evil = "&lt;NtryRef>FORGED17&lt;/NtryRef>"
    found = outcome(document(HEAD + f'<Ntry {name}="{evil}">{inside}</Ntry>' * 3))
    assert [each.ids for each in found if isinstance(each, StatementLine)] == ([()] * 3 if name == "x" else [])

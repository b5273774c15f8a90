"""Small camt.053 files for the tests: each says only what the test is about."""

from __future__ import annotations

from datetime import date

from tests.readers.stated import Stated, stated

from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.statement import Reading, StatedBalance, StatementLine
from donations.readers.camt053 import CAMT053
from donations.readers.finalise import finalise

OWN = "EE947700771001112226"
PAYER = "EE782200221020001114"
OTHER = "EE377700771000555017"
DAY = "<BookgDt><Dt>2026-01-05</Dt></BookgDt>"
PERIOD = "<FrToDt><FrDtTm>2026-01-01T00:00:00</FrDtTm><ToDtTm>2026-01-31T23:59:59</ToDtTm></FrToDt>"
HEAD = f"{PERIOD}<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"


def entry(inside: str = "", *, amount: str = "10.00", way: str = "CRDT", status: str = "BOOK", dates: str = DAY) -> str:
    """Return one entry; `inside` is what follows its dates."""
    money = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'
    return f"<Ntry>{money}<Sts>{status}</Sts>{dates}{inside}</Ntry>\n"


def details(*payments: str, batch: str = "") -> str:
    """Return the details of an entry, one payment for each text."""
    return f"<NtryDtls>{batch}{''.join(f'<TxDtls>{payment}</TxDtls>' for payment in payments)}</NtryDtls>"


def party(side: str, name: str = "", account: str = "", inside: str = "") -> str:
    """Return one party of a payment, `Dbtr` or `Cdtr`, with its account."""
    named = f"<{side}><Nm>{name}</Nm>{inside}</{side}>" if name or inside else ""
    return named + (f"<{side}Acct><Id><IBAN>{account}</IBAN></Id></{side}Acct>" if account else "")


def balance(code: str, amount: str, *, way: str = "CRDT", day: str = "2026-01-31") -> str:
    """Return a balance; an empty `way` leaves its direction out."""
    direction = f"<CdtDbtInd>{way}</CdtDbtInd>" if way else ""
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">{amount}</Amt>{direction}<Dt><Dt>{day}</Dt></Dt></Bal>'


def document(*statements: str, version: str = "02", group: str = "") -> bytes:
    """Return a file with a `Stmt` for each text."""
    inside = "".join(f"<Stmt>{statement}</Stmt>\n" for statement in statements)
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><BkToCstmrStmt>\n'
        f"<GrpHdr><MsgId>M1</MsgId>{group}</GrpHdr>\n{inside}</BkToCstmrStmt></Document>\n"
    ).encode()


def facts(content: bytes) -> list[Stated]:
    """Return what the file states."""
    return stated(CAMT053, content)


def line(inside: str, *, way: str = "CRDT") -> StatementLine:
    """Return the only line of a statement whose one entry has one payment."""
    (found,) = lines(HEAD + entry(details(inside), way=way))
    return found


def lines(*statements: str) -> list[StatementLine]:
    """Return the lines of a file with these statements."""
    return [fact for fact in facts(document(*statements)) if isinstance(fact, StatementLine)]


def balances(*statements: str) -> list[StatedBalance]:
    """Return the balances of a file with these statements."""
    return [fact for fact in facts(document(*statements)) if isinstance(fact, StatedBalance)]


def problems(content: bytes) -> list[Problem]:
    """Return every problem and notice that reading alone finds."""
    try:
        return [fact for fact in facts(content) if isinstance(fact, Problem)]
    except Refused as refused:
        return list(refused.problems)


def codes(content: bytes) -> list[ProblemCode]:
    """Return the codes of `problems`."""
    return [problem.code for problem in problems(content)]


def reading(content: bytes) -> Reading:
    """Return the file after every check; raises `Refused`."""
    return finalise(
        CAMT053.facts(content),
        format_name=CAMT053.name,
        today=date(2026, 6, 1),
        lines_max=1000,
        accept_imbalance=False,
    )

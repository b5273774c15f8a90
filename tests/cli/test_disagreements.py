"""What statements disagree on is listed with the commands that decide it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Cli, document

_ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
    "<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>SAME</AcctSvcrRef></Ntry>"
)
_FILE = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
    "<BkToCstmrStmt><GrpHdr><MsgId>{amount}</MsgId><CreDtTm>2026-03-01T06:00:00</CreDtTm></GrpHdr>"
    "<Stmt><Id>{amount}</Id><CreDtTm>2026-03-01T06:00:00</CreDtTm>"
    "<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
    "<Acct><Id><IBAN>EE237700010000000016</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    '<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Dt><Dt>{first}</Dt></Dt></Bal>"
    '<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Dt><Dt>{last}</Dt></Dt></Bal>"
    f"{_ENTRY}</Stmt></BkToCstmrStmt></Document>"
)


JANUARY = {"first": "2026-01-01", "last": "2026-01-31", "day": "2026-01-05"}
FEBRUARY = {"first": "2026-01-31", "last": "2026-02-28", "day": "2026-02-05"}


@pytest.fixture
def conflicting(cli: Cli, tmp_path: Path) -> Cli:
    """Two statements give one reference to another day and amount."""
    files = (
        JANUARY | {"opening": "0.00", "amount": "10.00", "closing": "10.00"},
        FEBRUARY | {"opening": "10.00", "amount": "15.00", "closing": "25.00"},
    )
    for number, said in enumerate(files):
        path = tmp_path / f"{number}.xml"
        path.write_text(_FILE.format(**said), encoding="utf-8")
        assert cli("import", path, "--add-accounts").returncode == 0
    return cli


def test_two_payments_are_two_and_asked_again(conflicting: Cli) -> None:
    said = conflicting("questions").stdout
    assert "The bank gave one reference to two payments of another day or amount." in said
    assert "donations identity two 2 1" in said
    assert "redated" not in said
    assert "Payments 1 and 2 are two." in conflicting("identity", "two", "1", "2").stdout
    assert "The bank gave one reference" not in conflicting("questions").stdout
    assert document(conflicting("identity", "list", "--json"))["two"] == [[1, 2]]
    assert conflicting("identity", "two", "1", "2", "--take-back").returncode == 0
    assert "The bank gave one reference" in conflicting("questions").stdout
    assert conflicting("identity", "two", "1", "2", "--take-back").returncode == 1


def test_payments_of_another_amount_are_not_one_with_another_date(conflicting: Cli) -> None:
    ended = conflicting("identity", "redated", "1", "2", "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (1, "different_amount")

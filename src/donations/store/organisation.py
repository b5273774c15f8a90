"""What the organisation set of itself: its name, its registry codes, and how its papers are to look."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import update
from sqlmodel import col, or_, select

from donations.core.payment import Purpose
from donations.core.person_code import CheckedCode, RegistryCode, parse_code
from donations.matching.payer import claimed_code
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import LineTextRow
from donations.store.tables.documents import DocumentSettingRow
from donations.store.tables.donors import OwnCodeRow

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
AccountName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^[0-9A-Za-z./_-]*$")]


class Separator(StrEnum):
    """What stands between the fields of a file."""

    SEMICOLON = ";"
    COMMA = ","
    TAB = "\t"


class DecimalMark(StrEnum):
    """What stands before the cents."""

    COMMA = ","
    POINT = "."


class TaxColumn(StrEnum):
    """What the list for the tax board may say of a donor."""

    CODE = "code"
    NAME = "name"
    KIND = "kind"
    SUM = "sum"


class PaperSettings(BaseModel):
    """What can be set; whatever was never set is as it is here."""

    model_config = ConfigDict(frozen=True)
    name: ClassVar[str]


class TaxLayout(PaperSettings):
    """The columns of the list for the tax board, each with its heading, and how they are written."""

    name: ClassVar[str] = "tax_list"
    columns: tuple[tuple[TaxColumn, Short], ...] = Field(
        default=(
            (TaxColumn.CODE, "Isikukood või registrikood"),
            (TaxColumn.NAME, "Nimi"),
            (TaxColumn.KIND, "Isiku liik"),
            (TaxColumn.SUM, "Rahaline summa"),
        ),
        min_length=1,
    )
    has_header: bool = True
    separator: Separator = Separator.SEMICOLON
    decimal_mark: DecimalMark = DecimalMark.COMMA
    person: Short = "füüsiline isik"
    organisation: Short = "juriidiline isik"

    @field_validator("columns")
    @classmethod
    def _each_once(cls, columns: tuple[tuple[TaxColumn, str], ...]) -> tuple[tuple[TaxColumn, str], ...]:
        if len({column for column, _ in columns}) < len(columns):
            raise ValueError("a column stands twice")
        return columns


class OwnName(PaperSettings):
    """What the organisation is called, as the bank has it; empty: nobody said it yet."""

    name: ClassVar[str] = "own_name"
    called: Short = ""


class Letterhead(PaperSettings):
    """Who issues certificates; an empty name is the organisation's own."""

    name: ClassVar[str] = "letterhead"
    organisation: Short = ""
    registry_code: Short = ""
    address: Short = ""
    signer: Short = ""
    role: Short = ""


class Beliefs(PaperSettings):
    """Whether gifts tell what their givers believe or hold: of a church, a party, a union, a patients' association."""

    name: ClassVar[str] = "beliefs"
    gifts_tell: bool = False


class AskingByAccount(PaperSettings):
    """Whether strangers may ask by account number whether a gift arrived; never where gifts tell beliefs."""

    name: ClassVar[str] = "asking_by_account"
    is_on: bool = False


class AccountNumbers(PaperSettings):
    """The accountant's account numbers: by what money was for, and by own account (its number at the bank)."""

    name: ClassVar[str] = "account_numbers"
    purposes: dict[str, AccountName] = {
        Purpose.GIFT.value: "3100",
        Purpose.REFUND.value: "3190",
        Purpose.TRANSFER.value: "1190",
        Purpose.INCOME.value: "3900",
        Purpose.COST.value: "5000",
        "unallocated": "2990",
    }
    own: dict[str, AccountName] = {}
    """Those that were never set are called by their number at the bank."""


Kind = TypeVar("Kind", bound=PaperSettings)


def paper_settings(session: ReadSession, kind: type[Kind]) -> Kind:
    """Return how papers of a kind are to look."""
    row = session.get(DocumentSettingRow, kind.name)
    return kind() if row is None else kind.model_validate_json(row.value)


def set_papers(session: WriteSession, value: PaperSettings, *, by: str, at: datetime) -> None:
    """Let papers look so from now on; those that were given out stay as they are."""
    session.merge(
        DocumentSettingRow(name=value.name, value=value.model_dump_json(), set_by=by, set_at=at.astimezone(UTC))
    )
    session.flush()


def may_ask_by_account(session: ReadSession) -> bool:
    """Whether the question by account number is answered."""
    return paper_settings(session, AskingByAccount).is_on and not paper_settings(session, Beliefs).gifts_tell


def own_codes(session: ReadSession) -> frozenset[CheckedCode]:
    """Return the registered codes."""
    return frozenset(RegistryCode(code) for code in session.exec(select(OwnCodeRow.code)))


def add_own_code(session: WriteSession, code: RegistryCode) -> None:
    """Register a code, and read again whom the lines that name it mean. Payments are to be judged again."""
    session.merge(OwnCodeRow(code=code))
    session.flush()
    known = own_codes(as_reader(session))
    names_it = or_(col(LineTextRow.text).contains(code), col(LineTextRow.claimed_code) == code)
    for row in session.exec(select(LineTextRow).where(names_it)).all():
        meant = claimed_code(parse_code(row.code), row.text, own_codes=known) or ""
        if meant != row.claimed_code:
            session.execute(
                update(LineTextRow).where(col(LineTextRow.line_id) == row.line_id).values(claimed_code=meant)
            )

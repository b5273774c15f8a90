"""What the organisation set of itself: its name and codes, what the law asks of it, and how its papers are to look."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from sqlmodel import col, select

from donations.core.payment import Purpose
from donations.core.person_code import CheckedCode, RegistryCode, parse_code
from donations.matching.payer import claimed_code
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import PayerRow, WordingRow
from donations.store.tables.documents import DocumentSettingRow
from donations.store.tables.donors import OwnCodeRow

_ADDRESS = r"[!-;=?A-~]{1,64}@[!-;=?A-~]{1,190}"  # printable ASCII: it goes into a link, and into security.txt
_EMAIL = rf"^({_ADDRESS})?$"
_EMAIL_OR_PAGE = rf"^({_ADDRESS}|https://[!-~]+)?$"
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
AccountName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^[0-9A-Za-z./_-]*$")]

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120, pattern=_EMAIL)]
SecurityContact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_EMAIL_OR_PAGE)]


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
    """Who issues certificates. Name, logo and thanks are said only in those that were issued."""

    name: ClassVar[str] = "letterhead"
    organisation: Short = ""
    registry_code: Short = ""
    address: Short = ""
    signer: Short = ""
    role: Short = ""
    logo: str = ""
    """SHA-256 of the logo that it was issued with."""
    thanks: str = ""
    """In the language of the certificate."""


class FinancialYear(PaperSettings):
    """In which month financial years begin."""

    name: ClassVar[str] = "financial_year"
    first_month: int = Field(ge=1, le=12)


class IncentiveList(PaperSettings):
    """Since when, and until when, the organisation is on the tax board's list of those with income tax incentives.

    Never, where no day is said.
    """

    name: ClassVar[str] = "incentive_list"
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> IncentiveList:
        if self.until is not None and (self.since is None or self.until < self.since):
            raise ValueError("it ends before it begins")
        return self

    def has(self, day: date) -> bool:
        """Whether the organisation is on the list on a day."""
        return self.since is not None and self.since <= day <= (self.until or date.max)


class Contact(PaperSettings):
    """How to reach the organisation; empty where it does not say it."""

    name: ClassVar[str] = "contact"
    email: Email = ""
    security: SecurityContact = ""
    """For who found a weak point: empty, the e-mail address."""


class BeliefsGround(StrEnum):
    """By which rule of GDPR Art. 9 (2) data may be kept that tells what somebody believes."""

    CONSENT = "consent"
    """(a): each giver said so explicitly."""
    OWN_BODY = "own_body"
    """(d): a body with a political, philosophical, religious or trade union aim, of those near to it."""


class Beliefs(PaperSettings):
    """Whether gifts tell what their givers believe or belong to: of a church, a union, a patients' association."""

    name: ClassVar[str] = "beliefs"
    gifts_tell: bool = False
    ground: BeliefsGround | None = None
    """None where nobody said it."""


class AskingByAccount(PaperSettings):
    """Whether strangers may ask by account number whether a gift arrived; never where gifts tell beliefs."""

    name: ClassVar[str] = "asking_by_account"
    is_on: bool = False


class Reminders(PaperSettings):
    """What the association wants to be reminded of by mail."""

    name: ClassVar[str] = "reminders"
    month_due: bool = False


class AccountNumbers(PaperSettings):
    """The accountant's numbers: of accounts by what money was for, of own accounts, of appeals as projects."""

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
    """By their number at the bank; those that were never set are called by it."""
    projects: dict[str, AccountName] = {}
    """By the number of the appeal."""


Kind = TypeVar("Kind", bound=PaperSettings)


def paper_settings(session: ReadSession, kind: type[Kind]) -> Kind:
    """Return how papers of a kind are to look."""
    return said(session, kind) or kind()


def said(session: ReadSession, kind: type[Kind]) -> Kind | None:
    """Return what was set, None where nobody ever did."""
    row = session.get(DocumentSettingRow, kind.name)
    return None if row is None else kind.model_validate_json(row.value)


def said_at(session: ReadSession, kind: type[PaperSettings]) -> datetime | None:
    """Return when it was set last."""
    row = session.get(DocumentSettingRow, kind.name)
    return None if row is None else row.set_at


def first_month(session: ReadSession) -> int | None:
    """Return the month in which financial years begin; None where nobody said it."""
    year = said(session, FinancialYear)
    return None if year is None else year.first_month


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


def own_registry_code(session: ReadSession) -> str:
    """Return the code by which papers name the organisation; empty where none is registered."""
    return str(min(own_codes(session), default=""))


def add_own_code(session: WriteSession, code: RegistryCode) -> None:
    """Register a code, and read again whom the lines that name it mean. Payments are to be judged again."""
    session.merge(OwnCodeRow(code=code))
    session.flush()
    known = own_codes(as_reader(session))
    query = select(WordingRow, PayerRow.code).join(PayerRow, col(PayerRow.id) == col(WordingRow.payer_id))
    for wording, payers in session.exec(query).all():
        if code not in wording.text and wording.claimed_code != code:
            continue
        meant = claimed_code(parse_code(payers), wording.text, own_codes=known) or ""
        if meant != wording.claimed_code:
            wording.claimed_code, wording.digest = meant, None
    session.flush()

"""What a person wants to add, read from a form: an own account or code, or names of an appeal; or why not."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from donations.core.donor import AppealId
from donations.core.iban import parse_iban
from donations.core.keyword import BadKeywordError, Keyword, parse_keyword
from donations.core.language import N_
from donations.core.person_code import RegistryCode, parse_code
from donations.core.reference import Reference, parse_reference
from donations.matching.payer import is_registry_code
from donations.registering import NewAccount, NewForms, NewNames, NewOwnCode, Registered


class Kind(StrEnum):
    """What is added."""

    ACCOUNT = "account"
    APPEAL = "appeal"
    NAMES = "names"
    FORMS = "forms"
    CODE = "code"


class WishForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Kind
    name: str = Field(default="", max_length=80)
    """What it is called; of forms, their keyword."""
    number: str = Field(default="", max_length=60)
    """Of an account, or the registry code."""
    appeal: int | None = None
    keywords: str = Field(default="", max_length=500)
    references: str = Field(default="", max_length=500)
    promised: str = Field(default="", max_length=64)
    """Digest of the consequences that were shown."""


class CannotReadError(ValueError):
    """The form says nothing that can be added: `code` is stable, `word` is what could not be read."""

    def __init__(self, code: str, word: str = "") -> None:
        """Keep both."""
        self.code, self.word = code, word
        super().__init__(code)


CANNOT_ADD = {
    "iban_invalid": N_("The check digits of this IBAN are wrong. Compare it with the bank’s document."),
    "bad_code": N_("This is no registry code: its check digit is wrong. Compare it with the register."),
    "already_registered": N_("This account is registered already."),
    "name_needed": N_("Give it a name."),
    "appeal_name_taken": N_("There is an appeal named “%(appeal)s” already. Choose another name."),
    "keyword_needed": N_("Write at least one keyword or reference number."),
    "bad_keyword": N_("“%(word)s” is no keyword: it begins with a letter or digit and has at least 3 letters."),
    "bad_reference": N_("“%(word)s” is no reference number: its check digit is wrong."),
    "name_taken": N_("“%(word)s” belongs to the appeal “%(appeal)s” already."),
    "unknown_appeal": N_("There is no such appeal any more."),
    "unknown_keyword": N_("There is no keyword “%(word)s” any more."),
    "form_needed": N_("Write at least one form of the keyword."),
    "unknown_account": N_("There is no such account any more."),
    "moved_before": N_("A payment of %(word)s is older: let the account begin on that day or before."),
    "moved_after": N_("A payment of %(word)s is younger: let the account end on that day or later."),
    "day_not_over": N_("%(word)s is not over yet: an account ends with a day that is over."),
    "balance_left": N_(
        "The account still holds %(word)s. Import the statement with the transfer out, or say which account it became."
    ),
    "became_itself": N_("An account becomes another one, not itself."),
    "ends_before_it_begins": N_("An account ends after it began."),
    "not_ended": N_("The account was not ended."),
}
"""In words, for each code of this module, of `registering` and of the beginning and end of an account."""


def wanted(form: WishForm) -> Registered:
    """Return what is to be added; raises `CannotReadError`."""
    if form.kind is Kind.ACCOUNT:
        number = parse_iban(form.number)
        if number is None:
            raise CannotReadError("iban_invalid")
        return NewAccount(number=number, name=form.name)
    if form.kind is Kind.CODE:
        code = parse_code(form.number)
        if not isinstance(code, str) or not is_registry_code(code):
            raise CannotReadError("bad_code")
        return NewOwnCode(code=RegistryCode(code))
    keywords = tuple(dict.fromkeys(map(_keyword, _parts(form.keywords))))
    if form.kind is Kind.FORMS:
        if not keywords:
            raise CannotReadError("form_needed")
        return NewForms(keyword=_keyword(form.name), forms=keywords)
    references = tuple(dict.fromkeys(map(_reference, _parts(form.references))))
    if form.kind is Kind.APPEAL:
        if not form.name:
            raise CannotReadError("name_needed")
        return NewNames(appeal=form.name, keywords=keywords, references=references)
    if not keywords and not references:
        raise CannotReadError("keyword_needed")
    return NewNames(appeal=AppealId(form.appeal or 0), keywords=keywords, references=references)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def _keyword(text: str) -> Keyword:
    try:
        return parse_keyword(text)
    except BadKeywordError as error:
        raise CannotReadError("bad_keyword", text) from error


def _reference(text: str) -> Reference:
    reference = parse_reference(text)
    if reference is None:
        raise CannotReadError("bad_reference", text)
    return reference

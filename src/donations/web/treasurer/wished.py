"""What a person wants to add, read from a form: an own account or code, or names of an appeal; or why not."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from donations.acts.registering import NewAccount, NewForms, NewNames, NewOwnCode, Registered
from donations.core.donor import AppealId
from donations.core.iban import parse_iban
from donations.core.keyword import parse_keyword
from donations.core.person_code import RegistryCode, parse_code
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, DonorCode
from donations.core.typed import typed_reference
from donations.matching.payer import is_registry_code


class AddedKind(StrEnum):
    """What is added."""

    ACCOUNT = "account"
    APPEAL = "appeal"
    NAMES = "names"
    FORMS = "forms"
    CODE = "code"


class WishForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: AddedKind
    name: str = Field(default="", max_length=80)
    """What it is called; of forms, their keyword."""
    number: str = Field(default="", max_length=60)
    """Of an account, or the registry code."""
    appeal: int | None = None
    keywords: str = Field(default="", max_length=500)
    references: str = Field(default="", max_length=500)
    promised: str = Field(default="", max_length=64)
    """Digest of the consequences that were shown."""


def wanted(form: WishForm) -> Registered:
    """Return what is to be added; raises `Refusal`."""
    if form.kind is AddedKind.ACCOUNT:
        number = parse_iban(form.number)
        if number is None:
            raise Refusal(BooksCode.IBAN_INVALID)
        return NewAccount(number=number, name=form.name)
    if form.kind is AddedKind.CODE:
        code = parse_code(form.number)
        if not isinstance(code, str) or not is_registry_code(code):
            raise Refusal(DonorCode.BAD_CODE)
        return NewOwnCode(code=RegistryCode(code))
    keywords = tuple(dict.fromkeys(map(parse_keyword, _parts(form.keywords))))
    if form.kind is AddedKind.FORMS:
        if not keywords:
            raise Refusal(BooksCode.FORM_NEEDED)
        return NewForms(keyword=parse_keyword(form.name), forms=keywords)
    references = tuple(dict.fromkeys(map(typed_reference, _parts(form.references))))
    if form.kind is AddedKind.APPEAL:
        if not form.name:
            raise Refusal(BooksCode.NAME_NEEDED)
        return NewNames(appeal=form.name, keywords=keywords, references=references)
    if not keywords and not references:
        raise Refusal(BooksCode.KEYWORD_NEEDED)
    return NewNames(appeal=AppealId(form.appeal or 0), keywords=keywords, references=references)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]

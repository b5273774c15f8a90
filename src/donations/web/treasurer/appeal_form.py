"""The form of what the public is told of an appeal: as it is filled in, and as it is shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from donations.acts.appeal_pages import SaidOfAppeal
from donations.core.language import Language
from donations.store.appeal_pages import AppealPage
from donations.store.association import WORDS_MAX

Line = Annotated[str, Field(max_length=60)]
Long = Annotated[str, Field(max_length=4 * WORDS_MAX)]


class AppealForm(BaseModel):
    """What a person filled in, the whole of it."""

    is_shown: bool = False
    begins_on: Line = ""
    goal: Line = ""
    colour: Line = ""
    text_et: Long = ""
    text_en: Long = ""
    text_ru: Long = ""

    @classmethod
    def of(cls, page: AppealPage) -> AppealForm:
        """Return it filled in with what was said."""
        said = SaidOfAppeal.of(page)
        text = {f"text_{language}": words for language, words in said.text.items()}
        return cls(is_shown=said.is_shown, begins_on=said.begins_on, goal=said.goal, colour=said.colour, **text)

    @property
    def said(self) -> SaidOfAppeal:
        """It as the act takes it."""
        text = {each: getattr(self, f"text_{each}").replace("\r\n", "\n") for each in Language}
        return SaidOfAppeal(
            is_shown=self.is_shown, begins_on=self.begins_on, goal=self.goal, colour=self.colour, text=text
        )

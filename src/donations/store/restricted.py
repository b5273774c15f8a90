"""Which appeals' gifts may be spent on nothing else, and the categories of costs that are paid from them."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from donations.store.organisation import PaperSettings


class RestrictedMoney(PaperSettings):
    """What is said of all appeals."""

    name: ClassVar[str] = "restricted_money"
    categories: dict[int, tuple[int, ...]] = Field(default_factory=dict)
    """Of each appeal whose gifts are restricted, by its number, those that its costs have; each is one appeal's."""

    def of(self, appeal: int) -> tuple[int, ...] | None:
        """Return the categories of an appeal; None where its gifts may be spent on anything."""
        return self.categories.get(appeal)

    def saying(self, appeal: int, categories: tuple[int, ...] | None) -> RestrictedMoney:
        """Return it with other categories of an appeal, which are no other appeal's then; None: it is free."""
        moved = set(categories or ())
        others = {
            other: tuple(each for each in theirs if each not in moved)
            for other, theirs in self.categories.items()
            if other != appeal
        }
        return RestrictedMoney(categories=others if categories is None else {**others, appeal: categories})

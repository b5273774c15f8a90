"""Keeps what people said of the columns of tables, so that the next table with these headings is read by itself."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from donations.core.table_layout import BadLayoutError, TableLayout
from donations.store.organisation import PaperSettings, paper_settings, set_papers
from donations.store.session import ReadSession, WriteSession, as_reader


class KeptLayout(BaseModel):
    """What was said of one kind of table."""

    model_config = ConfigDict(frozen=True)
    said: str
    """The layout as one line of JSON."""
    called: str = ""
    """By whom the table is made, as people call it."""

    @property
    def layout(self) -> TableLayout:
        """Return the layout; raises `BadLayoutError` where it is not readable."""
        return TableLayout.of_text(self.said)

    @property
    def is_readable(self) -> bool:
        """Whether another version of the program did not keep it otherwise."""
        with suppress(BadLayoutError):
            return self.layout is not None
        return False


class TableLayouts(PaperSettings):
    """All that was said, by the fingerprint of the heading."""

    name: ClassVar[str] = "table_layouts"
    kept: dict[str, KeptLayout] = Field(default_factory=dict)


def table_layouts(session: ReadSession) -> Mapping[str, KeptLayout]:
    """Return what was said of each kind of table, by the fingerprint of its heading, as far as it is readable."""
    return {each: said for each, said in paper_settings(session, TableLayouts).kept.items() if said.is_readable}


def keep_layout(session: WriteSession, layout: TableLayout, *, called: str, by: str, at: datetime) -> None:
    """Read tables with this heading so from now on; what was imported stays as it was read."""
    kept = {**table_layouts(as_reader(session)), layout.fingerprint: KeptLayout(said=layout.text(), called=called)}
    set_papers(session, TableLayouts(kept=kept), by=by, at=at)


def drop_layout(session: WriteSession, fingerprint: str, *, by: str, at: datetime) -> bool:
    """Ask again what the columns of such tables mean; returns whether it was known."""
    kept = dict(table_layouts(as_reader(session)))
    is_known = kept.pop(fingerprint, None) is not None
    if is_known:
        set_papers(session, TableLayouts(kept=kept), by=by, at=at)
    return is_known

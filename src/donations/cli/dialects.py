"""`donations dialect`: what people said of the columns of tables, to be shared with other associations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.export import write_private
from donations.cli.show import Json, as_json, print_translated, table
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.core.table_layout import BadLayoutError, TableLayout
from donations.store.table_layouts import KeptLayout, drop_layout, keep_layout, table_layouts

dialect_app = typer.Typer()
_BYTES_MAX = 64 * 1024
_Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help=N_("As the list shows it."))]


@dialect_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show of which tables the columns are known."""
    with context.reader() as session:
        kept = table_layouts(session)
    if json:
        items = [{"fingerprint": each, "called": said.called, "layout": said.said} for each, said in kept.items()]
        as_json({"items": items})
        return
    headings = [N_("Fingerprint"), N_("From"), N_("Columns")]
    table(N_("Layouts of tables"), headings, [[each, said.called, _columns(said)] for each, said in kept.items()])


def _columns(said: KeptLayout) -> str:
    return ", ".join(filter(None, said.layout.heading))


@dialect_app.command("export")
def export_command(
    fingerprint: _Fingerprint, file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("Where to write it."))]
) -> None:
    """Write what was said of one kind of table into a file; it names nobody."""
    write_private(file, _known(fingerprint).said.encode())
    print_translated(N_("Written to {file}."), file=file)


@dialect_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("What another association exported."))],
    *,
    called: Annotated[str, typer.Option(metavar="NAME", help=N_("Where such tables are from."))] = "",
) -> None:
    """Read tables with these headings so from now on."""
    try:
        content = file.read_bytes() if file.stat().st_size <= _BYTES_MAX else b""
        layout = TableLayout.of_text(content.decode())
    except OSError:
        raise Refusal(RunningCode.NO_SUCH_FILE, file=str(file)) from None
    except (BadLayoutError, UnicodeDecodeError):
        raise Refusal(RunningCode.NO_LAYOUT) from None
    with context.writer() as session:
        keep_layout(session, layout, called=called[:80], by=context.person(), at=context.now())
    print_translated(N_("Tables of this kind are read so from now on: {fingerprint}."), fingerprint=layout.fingerprint)


@dialect_app.command("drop")
def drop_command(fingerprint: _Fingerprint) -> None:
    """Ask again what the columns of such tables mean; what was imported stays as it was read."""
    _known(fingerprint)
    with context.writer() as session:
        drop_layout(session, fingerprint, by=context.person(), at=context.now())
    print_translated(N_("Dropped. Such tables are asked about again."))


def _known(fingerprint: str) -> KeptLayout:
    with context.reader() as session:
        found = table_layouts(session).get(fingerprint)
    if found is None:
        raise Refusal(RunningCode.UNKNOWN_LAYOUT)
    return found

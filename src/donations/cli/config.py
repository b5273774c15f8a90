"""`donations config`: every setting, what holds now, and where it comes from."""

from __future__ import annotations

from dataclasses import asdict

from donations.cli import context
from donations.cli.show import Json, as_json, print_translated, table, translated
from donations.core.language import N_
from donations.settings import Holding, SaidBy, config_file_read, holdings

_COLUMNS = (N_("Variable"), N_("What holds"), N_("Where from"))
_ORIGINS = {SaidBy.DEFAULT: N_("default"), SaidBy.ENVIRONMENT: N_("environment"), SaidBy.FILE: N_("file")}
_SET, _NOT_SET = N_("set"), N_("not set")


def config_command(*, json: Json = False) -> None:
    """Show every setting: what holds now, and where it comes from."""
    found = list(holdings(context.settings()))
    file = config_file_read()
    if json:
        as_json({"settings": list(map(asdict, found)), "config_file": file and str(file)})
        return
    table(translated(N_("Settings")), _COLUMNS, map(_row, found))
    if file is None:
        print_translated(N_("There is no config file."))
    else:
        print_translated(N_("The config file is {file}"), file=file)


def _row(each: Holding) -> tuple[str, ...]:
    if not each.is_set:
        said = translated(_NOT_SET)
    elif each.value is None:
        said = translated(_SET)
    else:
        said = ", ".join(each.value) if isinstance(each.value, list) else str(each.value)
    return each.name, said, translated(_ORIGINS[each.origin])

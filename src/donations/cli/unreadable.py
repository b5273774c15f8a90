"""Says in the reader's language what of a command could not be read; the parser's library says it in English only."""

from __future__ import annotations

import re

from typer.exceptions import TyperException

from donations.core.language import N_
from donations.views.language import gettext

_SAID = {
    re.compile(pattern): said
    for pattern, said in {
        r"No such command '(?P<name>.*)'": N_("there is no command {name}"),
        r"No such command '(?P<name>.*)'\. Did you mean (?P<others>.*)\?": N_(
            "there is no command {name}; nearest are {others}"
        ),
        r"Missing command": N_("the command is missing"),
        r"No such option: (?P<name>\S+)": N_("there is no option {name}"),
        r"No such option: (?P<name>\S+) \(Possible options: (?P<others>.*)\)": N_(
            "there is no option {name}; nearest are {others}"
        ),
        r"Option '(?P<name>.*)' requires an argument": N_("{name} needs a value behind it"),
        r"Option '(?P<name>.*)' does not take a value": N_("{name} takes no value"),
        r"Got unexpected extra argument\(s\) \((?P<name>.*)\)": N_("{name} is too much"),
        r"Missing (argument|option|parameter) (?P<name>.*?)(?:\. Choose from:.*)?": N_("{name} is missing"),
        r"Invalid value for (?P<name>.*?): .*\bis not one of (?P<others>.*)": N_("{name} is one of {others}"),
        r"Invalid value for (?P<name>.*?): .*\bvalid integer.*": N_("{name} is a whole number"),
        r"Invalid value for (?P<name>.*?): .*\b(?:valid date|valid datetime|YYYY).*": N_(
            "{name} is a day, as 2026-03-31"
        ),
        r"Invalid value for (?P<name>.*?): .*\bgreater than or equal to (?P<others>-?\d+).*": N_(
            "{name} is at least {others}"
        ),
        r"Invalid value for (?P<name>.*?): .*\bless than or equal to (?P<others>-?\d+).*": N_(
            "{name} is at most {others}"
        ),
        r"Invalid value for (?P<name>.*?): .*": N_("{name} has a value that does not fit"),
    }.items()
}
"""What the library says (typer 0.29), and what we do; the first pattern counts that takes all of it."""


def what_is_unreadable(error: TyperException) -> str:
    """Return it without a stop at its end."""
    told = " ".join(error.format_message().split()).rstrip(".")
    for pattern, said in _SAID.items():
        if found := pattern.fullmatch(told):
            return gettext(said).format(**{name: _plain(text) for name, text in found.groupdict().items()})
    return told


def _plain(text: str | None) -> str:
    return (text or "").replace("'", "")


def usage_of(error: Exception) -> str:
    """Return how the command is written that could not be read; empty where another reason ended it."""
    context = getattr(error, "ctx", None)
    return context.get_usage() if isinstance(error, TyperException) and context is not None else ""

"""Problems of a file as pages say them: forms and links are the remedy where the catalogue names commands."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.problem import Problem, ProblemCode
from donations.views.problem import ProblemView, problem_views
from donations.web.formats import TELLER

_REMEDIES = {
    ProblemCode.FILE_TOO_LARGE: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.TOO_MANY_LINES: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.UNKNOWN_ACCOUNT: N_("Nothing of it will be imported unless you say that the account is yours."),
    ProblemCode.BALANCE_MISMATCH: N_(
        "Nothing of it will be imported. Download the whole period again; if the bank’s file really is so,"
        " accept it and say why."
    ),
    ProblemCode.IMBALANCE_ACCEPTED: N_("It is imported all the same, with the reason given."),
    ProblemCode.ANSWERS_LOST: N_("These payments wait under Questions again."),
    ProblemCode.DONORS_PARTED: N_("No gift was changed. Whoever is the same can be merged on the donors’ pages."),
    ProblemCode.OVERLAP_CONFLICT: N_("Both are kept apart and wait under Questions."),
    ProblemCode.ORPHANS: N_("They are kept and wait under Questions."),
}


def say(problem: Problem) -> ProblemView:
    """Return the problem in words of the reader's language."""
    (said,) = problem_views([problem], TELLER, remedies=_REMEDIES)
    return said

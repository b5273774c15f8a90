"""What the audit log says, in words."""

from __future__ import annotations

from collections.abc import Mapping

from donations.access import event
from donations.core.language import N_
from donations.ledger.audit import About, Action, Area

NOT_TOLD = (*event.FAILURES, event.Event.PASSWORD_RIGHT)
"""Attempts to come in stand in the history of the account, which forgets them: nothing was done or seen."""

AREA_NAMES: Mapping[Area, str] = {
    Area.STATEMENTS: N_("Statements"),
    Area.ANSWERS: N_("Answers and rules"),
    Area.DONORS: N_("Donors and certificates"),
    Area.MONTHS: N_("Months and the public page"),
    Area.SETTINGS: N_("Settings"),
    Area.PEOPLE: N_("People and sign-ins"),
    Area.LOOKING: N_("Looked at and downloaded"),
}

ACTION_NAMES: Mapping[Action, str] = {
    Action.IMPORTED: N_("Statement file imported"),
    Action.UNDONE: N_("Import taken back"),
    Action.BALANCE_GIVEN: N_("Bank balance written in"),
    Action.BALANCE_REMOVED: N_("Bank balance that was written in taken back"),
    Action.DAYS_CONFIRMED: N_("Days confirmed on which nothing moved"),
    Action.DAYS_UNCONFIRMED: N_("Confirmed days taken back"),
    Action.LINES_JUDGED: N_("Said whether lines are the same payment"),
    Action.LINES_UNJUDGED: N_("What was said of two payments taken back"),
    Action.LINE_LEFT_OUT: N_("Line left out"),
    Action.LINE_BROUGHT_BACK: N_("Left-out line brought back"),
    Action.ANSWER_TAKEN_BACK: N_("Answer taken back"),
    Action.ANSWERED: N_("Question answered"),
    Action.HELD: N_("Question put aside"),
    Action.RELEASED: N_("Question brought back"),
    Action.PAYMENT_NOTED: N_("Note written"),
    Action.PAYMENT_NOTE_ERASED: N_("Note erased"),
    Action.PAYEE_CATEGORISED: N_("Category of a payee set"),
    Action.PAYEE_FORGOTTEN: N_("Payee erased, the category kept"),
    Action.COST_CATEGORISED: N_("Category of a payment set"),
    Action.RULE_MADE: N_("Rule made"),
    Action.RULE_SWITCHED: N_("Rule switched on or off"),
    Action.MERGED: N_("Donors merged"),
    Action.PARTED: N_("Merge taken apart"),
    Action.SAID_DIFFERENT: N_("Said that two donors are not the same"),
    Action.SAID_ALIKE: N_("Took back that two donors are not the same"),
    Action.DONOR_RENAMED: N_("Name corrected"),
    Action.CLAIM_GIVEN: N_("Said for whom an account pays"),
    Action.CLAIM_TAKEN_BACK: N_("Took back for whom an account pays"),
    Action.DONOR_NOTED: N_("Note written"),
    Action.DONOR_NOTE_ERASED: N_("Note erased"),
    Action.CONSENT_KEPT: N_("Donor’s wish written down"),
    Action.DONOR_FIELD_SET: N_("Contact of a donor kept or changed"),
    Action.DONOR_FIELD_EMPTIED: N_("Contact of a donor erased"),
    Action.DONOR_RESTRICTED: N_("Donor’s name taken out of the books"),
    Action.DONOR_PURGED: N_("The last that named a donor destroyed"),
    Action.DONOR_HELD: N_("Donor’s data put on hold"),
    Action.DONOR_RELEASED: N_("Donor’s data released from hold"),
    Action.THANKED: N_("Donor thanked"),
    Action.CERTIFICATE_ISSUED: N_("Certificate issued"),
    Action.LIST_KEPT: N_("List for the tax board kept"),
    Action.CLOSED: N_("Month closed"),
    Action.REOPENED: N_("Month opened again"),
    Action.PUBLISHED: N_("Months published"),
    Action.TERMS_SET: N_("Terms of publishing changed"),
    Action.ACCOUNT_ADDED: N_("Own account added"),
    Action.ACCOUNT_CHANGED: N_("Own account renamed"),
    Action.APPEAL_ADDED: N_("Appeal added"),
    Action.APPEAL_CHANGED: N_("Appeal changed"),
    Action.CATEGORY_SET: N_("Spending category added or changed"),
    Action.OWN_CODE_ADDED: N_("Own registry code added"),
    Action.RESTORED: N_("Books restored from a backup"),
    Action.TABLES_RENEWED: N_("Books brought to the tables of a newer version"),
    Action.KEY_CHANGED: N_("Key of the computer changed"),
    Action.KEY_FORGOTTEN: N_("Lost key of the computer given up"),
    Action.BOOKS_SEALED: N_("Books sealed"),
    Action.BOOKS_UNSEALED: N_("Books unsealed"),
    Action.PAPERS_SET: N_("Setting or look of papers changed"),
    Action.CHANGE_AGREED: N_("Change agreed to"),
    Action.CHANGE_WISHED: N_("Change wished"),
    Action.CHANGE_WITHDRAWN: N_("Change withdrawn"),
    Action.ENTRY_RULE_SET: N_("Said who must have a second step"),
    Action.DONOR_VIEWED: N_("Donor looked at"),
    Action.EXPORTED: N_("File downloaded"),
    Action.BACKED_UP: N_("Backup of the books made"),
    Action.PROGRAM_READ: N_("Read by a program"),
    **{Action(each): said for each, said in event.SENTENCES.items() if each not in NOT_TOLD},
}

ABOUT_NAMES: Mapping[About, str] = {
    About.IMPORT: N_("import %(id)s"),
    About.ACCOUNT: N_("own account %(id)s"),
    About.PAYMENT: N_("payment %(id)s"),
    About.RULE: N_("rule %(id)s"),
    About.DONOR: N_("donor %(id)s"),
    About.MERGE: N_("merge %(id)s"),
    About.CLAIM: N_("account of a donor, no. %(id)s"),
    About.NOTE: N_("note %(id)s"),
    About.CERTIFICATE: N_("certificate %(id)s"),
    About.LIST: N_("list %(id)s"),
    About.MONTH: N_("month %(id)s"),
    About.CLOSING: N_("closing %(id)s"),
    About.BLOCK: N_("published block %(id)s"),
    About.APPEAL: N_("appeal %(id)s"),
    About.CATEGORY: N_("spending category %(id)s"),
    About.PAYEE: N_("word on a payee, no. %(id)s"),
    About.PERSON: N_("account no. %(id)s"),
    About.CHANGE: N_("change no. %(id)s"),
    About.COMMAND: N_("command %(id)s"),
}
"""Where something is named by more than its action; an address says itself."""

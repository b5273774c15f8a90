"""Refusals over the key of the host, which seals secrets and finds givers' codes."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import RefusalCode
from donations.core.refusal import RefusalKind as Kind

_FIND_IT = N_("Put back the key that was kept beside the backups. If it is lost for good: donations keys forget")


class KeyCode(RefusalCode):
    """What is refused because of the key."""

    WRONG_KEY = (
        Kind.BUSY,
        N_("The key of this computer ({place}) is not the one of these books; secrets in them were sealed with that."),
        _FIND_IT,
    )
    NO_KEY = (
        Kind.BUSY,
        N_("The key of these books is not on this computer ({place}), and secrets in them were sealed with it."),
        _FIND_IT,
        N_("Nothing was changed, and no other key was made."),
    )
    NO_KEY_IN_FILE = (
        Kind.WRONG_INPUT,
        N_("{file} holds no key: one has at least {least} characters."),
        N_("Name or put back the file of the key."),
    )
    OLD_KEY_WRONG = (
        Kind.WRONG_INPUT,
        N_("The old key in {file} is not the one of these books."),
        N_("Name the file of the key that they have until now (see: donations keys)."),
    )
    NEW_KEY_NEEDED = (
        Kind.WRONG_INPUT,
        N_("The key is a setting, and the settings are not ours to change."),
        N_(
            "Set DONATIONS_SECRET_KEY_FILE (or DONATIONS_SECRET_KEY) to the new key, put the old one in a file, and"
            " run: donations keys rotate --old-key-file FILE"
        ),
    )
    LOST_FOR_GOOD = (
        Kind.CONFLICT,
        N_("Names, accounts, codes, texts and files are sealed by the lost key, and no other one opens them."),
        N_(
            "Look for the key: on the computer that had it, and where it was kept apart from the backups. If it is"
            " gone, begin new books and import the statements again; what people decided is to be decided again."
        ),
        N_("Days, amounts, purposes and sums stand open in the database, and the public page stays."),
    )
    IS_UNSEALED = (Kind.CONFLICT, N_("These books are not sealed."), N_("To seal them: donations keys seal"))
    BROKEN_SEAL = (
        Kind.BUSY,
        N_("Something in these books was sealed by another key, or was changed from outside: it cannot be read."),
        N_("Run: donations check. Restore the last backup that it finds whole."),
    )
    KEY_IS_HERE = (
        Kind.CONFLICT,
        N_("The key of these books is here, and opens them."),
        N_("To change it: donations keys rotate"),
    )

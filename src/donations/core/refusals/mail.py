"""Refusals over mail that leaves."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import NOTHING_TO_DO, RefusalCode
from donations.core.refusal import RefusalKind as Kind

_NOT_SENT = N_("Nothing was sent.")


class MailCode(RefusalCode):
    """What is refused of sending."""

    NO_MAIL_SERVER = (
        Kind.CONFLICT,
        N_("Nobody said yet through which server mail is sent."),
        N_("Say it under Mail: your host or e-mail provider tells its name, port, user and password."),
        _NOT_SENT,
    )
    BAD_MAIL_SERVER = (
        Kind.WRONG_INPUT,
        N_("The name of the server, its port or the sender’s address cannot be right."),
        N_("Copy the name, the port and the address of the sender from your provider’s help, under “SMTP”."),
    )
    MAIL_IN_THE_OPEN = (
        Kind.WRONG_INPUT,
        N_("Without encryption, mail and password could be read on their way."),
        N_("Choose TLS or STARTTLS. Only a server on this same computer may do without."),
    )
    MAIL_SERVER_SILENT = (
        Kind.BUSY,
        N_("The mail server does not answer: {reply}."),
        N_("Compare name, port and encryption with your provider’s help, under “SMTP”, and try again."),
        _NOT_SENT,
    )
    MAIL_SERVER_REFUSED = (
        Kind.CONFLICT,
        N_("The mail server refused: {reply}."),
        N_("Compare user, password and sender with your provider’s help, under “SMTP”."),
        _NOT_SENT,
    )
    NOTHING_TO_SEND = (Kind.CONFLICT, N_("There is nobody whom this could be sent to."), NOTHING_TO_DO, _NOT_SENT)
    DEMO_SENDS_NOTHING = (
        Kind.CONFLICT,
        N_("The demonstration sends nothing: its people are made up."),
        N_("Look at the messages in the outbox; with books of your own they would leave."),
        _NOT_SENT,
    )
    BAD_WEBHOOK = (
        Kind.WRONG_INPUT,
        N_("That is no address that can be told: it begins with https:// and names a server."),
        N_("Copy the address from the program that is to be told."),
    )
    UNKNOWN_MAIL = Kind.ABSENT, N_("There is no such message."), N_("Look at the outbox again.")
    MAIL_IS_OVER = (
        Kind.CONFLICT,
        N_("That message was sent, dropped or waits already."),
        N_("Look at the outbox again."),
    )

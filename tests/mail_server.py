"""A mail server of the tests: speaks SMTP (RFC 5321) on loopback, and keeps what it took; it knows nothing of ours."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Arrived:
    """One message that was taken."""

    recipient: str
    content: EmailMessage


@dataclass
class TestMailServer:
    """What came, and how it behaves."""

    __test__ = False
    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """What it answers for a recipient, as `550 no such user`."""
    password: str = ""
    after_text: Callable[[int], None] = lambda _count: None
    """Called once a text came, before it is answered, with how many came before."""
    is_broken_off_after_text: bool = False
    taken_per_connection: int | None = None
    """After so many it says 421 and closes the connection."""
    greeting: str = "220 test"
    reply: str = "250 taken"
    """What it answers to a text."""
    connections: int = 0

    def recipients(self) -> list[str]:
        """Return whom messages came for, in order."""
        return [each.recipient for each in self.arrived]


@contextmanager
def mail_server_running() -> Iterator[TestMailServer]:
    """Run one on a port of its own."""
    kept = TestMailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            recipient, is_let_in, taken = "", not kept.password, 0
            kept.connections += 1
            self.say(kept.greeting)
            while line := self.rfile.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                match verb.upper():
                    case "EHLO":
                        self.say("250-test")
                        self.say("250 AUTH PLAIN")
                    case "AUTH":
                        said = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
                        is_let_in = said[2] == kept.password
                        self.say("235 welcome" if is_let_in else "535 wrong user or password")
                    case "MAIL":
                        self.say("250 ok" if is_let_in else "530 sign in first")
                    case "RCPT" if taken == kept.taken_per_connection:
                        self.say("421 too many messages")
                        return
                    case "RCPT":
                        recipient = rest.partition("<")[2].partition(">")[0]
                        self.say(kept.refuses.get(recipient, "250 ok"))
                    case "DATA":
                        self.say("354 go on")
                        text = b""
                        while (piece := self.rfile.readline()) != b".\r\n":
                            if not piece:
                                return
                            text += piece.removeprefix(b".") if piece.startswith(b"..") else piece
                        kept.after_text(len(kept.arrived))
                        content = message_from_bytes(text, policy=policy.default)
                        kept.arrived.append(Arrived(recipient, content))
                        if kept.is_broken_off_after_text:
                            return
                        taken += 1
                        self.say(kept.reply)
                    case "QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 ok")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that was killed is no error of ours."""

    with Server(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()

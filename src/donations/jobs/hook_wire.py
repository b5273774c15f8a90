"""Tells a program elsewhere by https: the only place that opens a connection for webhooks.

The name is looked up once, and what is connected to is an address that was looked at: none of one's own network is
reached, whatever a name says the second time (RFC 1918 and the like). Nothing that is answered leads anywhere else.
"""

from __future__ import annotations

import socket
import ssl
import time

from donations.core.hook import Target, is_public_address

_SECONDS = 10
_ANSWER_MAX = 1_000


class NotToldError(Exception):
    """It was not taken; says why, in a word for the log."""


def connected(target: Target) -> socket.socket:
    """Return an encrypted connection to a public address of the target. Raises `OSError` and `NotToldError`."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public_address, addresses)):
        raise NotToldError("no public address")
    plain = socket.create_connection((addresses[0], target.port), timeout=_SECONDS)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def told(target: Target, headers: dict[str, str], body: bytes) -> str:
    """Post it, and return the answer’s number, one of 2xx. Raises `NotToldError`."""
    host = target.host if target.port == 443 else f"{target.host}:{target.port}"
    said = {"Host": host, "Content-Length": str(len(body)), "Connection": "close", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    try:
        with connected(target) as connection:
            connection.sendall(f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body)
            answer = _first_line(connection)
    except (OSError, UnicodeError) as error:
        raise NotToldError(type(error).__name__) from error
    version, _, rest = answer.partition(" ")
    number = rest[:3]
    if not version.startswith("HTTP/1.") or not number.startswith("2"):
        raise NotToldError(number if number.isdecimal() else "no answer")
    return number


def _first_line(connection: socket.socket) -> str:
    """Return it; who answers a byte at a time is not waited for longer than others."""
    until, found = time.monotonic() + _SECONDS, b""
    while b"\n" not in found and len(found) < _ANSWER_MAX:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(_ANSWER_MAX)
        if not piece:
            break
        found += piece
    return found.partition(b"\n")[0].decode("latin-1").strip()

"""What the real server prints: a line for each request, and of an error no word that could name people."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from http.client import HTTPConnection

from tests.cli.conftest import Cli
from tests.cli.test_stopping import SECONDS, free_port, is_open, wait_for

FAILING = """
import sys
from unittest.mock import patch
from donations.cli import run

with patch("donations.web.beside.public_figures", side_effect=RuntimeError("Kanaari Lind")):
    run()
"""


def test_requests_are_told_and_errors_name_nobody(cli: Cli) -> None:
    cli("account", "list")
    port = free_port()
    command = [sys.executable, "-c", FAILING, "serve", "--port", str(port), "--access-log"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: is_open(port))
        client = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        client.request("GET", "/?kanaari=1")
        answer = client.getresponse()
        assert (answer.status, len(answer.read()) > 0) == (500, True)
        client.close()
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=SECONDS)
    (line,) = (json.loads(each) for each in out.splitlines() if each.startswith("{"))
    assert (line["route"], line["status"], line["request"]) == ("/", 500, answer.headers["x-request-id"])
    assert f"unforeseen RuntimeError on / (request {line['request']})" in err
    assert "beside.py:" in err
    assert "kanaari" not in (out + err).lower()

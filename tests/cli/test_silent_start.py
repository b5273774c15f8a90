"""A server that begins while PostgreSQL is silent shows what is published, and all else once it answers."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from pathlib import Path

import httpx2
import pytest
from tests.cli.test_several_servers import run
from tests.cli.test_stopping import SECONDS, free_port, is_open, wait_for
from tests.conftest import HOST_KEY, FreshEngine
from tests.published.test_published import SNAPSHOT

from donations.cli.server import listen
from donations.store.opening import open_engine
from donations.store.snapshot_file import keep_snapshot


def is_ready(client: httpx2.Client) -> bool:
    with suppress(httpx2.TransportError):  # between one and the other
        return client.get("/readyz").status_code == 200
    return False


@pytest.mark.usefixtures("outside")
def test_what_is_published_is_shown_until_the_database_answers(
    fresh_postgres: FreshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, link = free_port(), Path("pg").absolute()  # a longer one than 107 bytes no socket can have
    with fresh_postgres() as engine, httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        url = engine.url.set(drivername="postgresql").update_query_dict({"host": str(link)})
        text = url.render_as_string(hide_password=False)
        monkeypatch.setenv("DONATIONS_DATABASE_URL", text)
        monkeypatch.setenv("DONATIONS_SECRET_KEY", HOST_KEY)
        keep_snapshot(open_engine(text, key=HOST_KEY), SNAPSHOT.written())
        with run("serve", "--port", port) as process:
            try:
                wait_for(lambda: is_open(port))
                assert client.get("/transparency.json").text == SNAPSHOT.written()
                assert f"– {SNAPSHOT.organisation}</title>" in client.get("/").text
                closed = client.get("/treasurer", headers={"accept-language": "en"})
                assert (closed.status_code, "(database_silent)" in closed.text) == (503, False)
                assert "The database does not answer." in closed.text
                assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]
                link.symlink_to(str(engine.url.query["host"]))
                wait_for(lambda: is_ready(client))
                assert client.get("/sign-in").status_code == 200
                assert client.get("/transparency.json").status_code == 404, "these books have published nothing"
            finally:
                process.terminate()
                _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "(database_silent)" in err, "Traceback" in err) == (0, True, False), err


def test_no_answer_waits_for_a_word_that_its_head_has_come() -> None:
    with closing(listen("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with closing(accepted):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

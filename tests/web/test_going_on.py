"""Who waits for a long step sees how far it is, and who cannot write meanwhile is told what is in the way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import Queue
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.web.conftest import STATEMENTS, browser, enter
from tests.web.reading_pages import hidden_of, text_of

from donations.access.person import Role
from donations.acts import judging
from donations.core.language import Language
from donations.core.progress import Tell
from donations.store.session import TURN, writing
from donations.views.language import speaking
from donations.web.long_steps import LongStep, LongSteps, Phase, try_again
from donations.web.site import Site

IBAN = "EE237700010000000016"
FILES = ("lhv-2026-01-month.xml", "lhv-2026-01-same-month.csv")
UNKNOWN = {"is_known": False, "words": "It is being worked on."}


@pytest.fixture
def preview(client: TestClient) -> str:
    """The address of an upload of 22 lines."""
    files = [("files", (name, (STATEMENTS / name).read_bytes())) for name in FILES]
    address = str(client.post("/treasurer/upload", files=files).url.path)
    client.post(f"{address}/accounts", data={"number": IBAN, "name": "Main account"})
    return address


def far(client: TestClient, of: str) -> dict[str, Any]:
    answer = client.get("/treasurer/progress", params={"of": of})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def wait_for_nobody(app: FastAPI) -> None:
    site: Site = app.state.site
    turn = site.engine.get_execution_options()[TURN]
    app.state.site = replace(site, engine=site.engine.execution_options(**{TURN: turn._replace(seconds=0)}))


class Held:
    """A step that goes on by one word each time it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._told, self._may = Queue[tuple[Phase, int, int]](), Queue[None]()
        begin: Callable[..., Tell] = LongStep.at

        def at(step: LongStep, phase: Phase, total: int = 0) -> Tell:
            tell = begin(step, phase, total)

            def held(done: int, total: int) -> None:
                tell(done, total)
                self._told.put((phase, done, total))
                self._may.get(timeout=60)

            return held

        monkeypatch.setattr(LongStep, "at", at)

    def until(self, *words: object) -> None:
        """Let it go on until it has told this."""
        while self._told.get(timeout=60) != words:
            self._may.put(None)

    def let_go(self) -> None:
        """Let it go on to its end."""
        for _ in range(1000):
            self._may.put(None)


def test_an_import_is_seen_by_who_waits_and_by_who_is_kept_out(
    app: FastAPI, client: TestClient, preview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = browser(app, enter(app, Role.TREASURER, name="other"))
    promise = hidden_of(client.get(preview).text, action="/commit")
    wait_for_nobody(app)
    monkeypatch.setattr(judging, "_BOOKED_AT_ONCE", 4)
    held, path = Held(monkeypatch), f"{preview}/commit"
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(client.post, path, data=promise, follow_redirects=False)
        try:
            held.until(Phase.READING, 1, 2)
            assert far(client, path)["words"] == "Reading file 2 of 2"
            assert other.post("/treasurer/association", data={"name": "MTÜ Rohutirts"}).status_code == 200
            held._may.put(None)
            held.until(Phase.BOOKING, 2, 22)
            assert far(client, path) == {"is_known": True, "words": "Booking: 2 of 22", "done": 2, "total": 22}
            held._may.put(None)
            held.until(Phase.BOOKING, 6, 22)
            assert far(client, path)["words"] == "Booking: 6 of 22"
            assert far(other, path) == far(client, preview) == UNKNOWN
            refused = other.post("/treasurer/association", data={"name": "MTÜ Vikerkaar"})
        finally:
            held.let_go()
        assert done.result().status_code == 303
    said = text_of(refused.text)
    assert refused.status_code == 503
    assert "A statement is being booked, 27 % done. Nothing was changed. Try again in about" in said
    assert "lhv" not in said
    assert far(client, path) == UNKNOWN


def test_what_is_only_tried_keeps_nobody_out() -> None:
    steps = LongSteps()
    with steps.step("", "/a") as step:
        step.at(Phase.TRYING)(10, 100)
        assert steps.in_the_way is None
        step.at(Phase.JUDGING)(10, 100)
        assert steps.in_the_way is step
    assert steps.in_the_way is None


def test_strangers_are_not_told_what_goes_on(app: FastAPI, engine: Engine) -> None:
    wait_for_nobody(app)
    site: Site = app.state.site
    with writing(engine), site.long_steps.step("", "/a") as step:
        step.at(Phase.BOOKING)(10, 100)
        refused = browser(app).post("/sign-in", data={"name": "a", "password": "b"})
    assert "being booked" not in refused.text


def test_the_time_left_comes_from_the_speed_of_this_very_step(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("donations.web.long_steps.monotonic", lambda: now[0])
    with LongSteps().step("", "/a") as step:
        tell = step.at(Phase.BOOKING, 20_000)
        now[0] += 50  # nothing was told before, so nothing is known of its speed
        tell(2000, 20_000)
        assert step.seconds_left is None
        now[0] += 10
        tell(7000, 20_000)
        assert step.seconds_left == 26
        now[0] += 6
        assert step.seconds_left == 20
        assert (step.document()["words"], step.to_others) == (
            "Booking: 7,000 of 20,000",
            "A statement is being booked, 35 % done.",
        )
        now[0] += 21  # it took longer than it seemed
        assert step.seconds_left is None


@pytest.mark.parametrize(("left", "said"), [(1, 5), (16, 20), (20, 20)])
def test_when_to_try_again_is_rounded_up(left: int, said: int) -> None:
    with speaking(Language.ENGLISH):
        assert try_again(left) == f"Try again in about {said} seconds."

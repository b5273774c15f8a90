"""What every test in a real browser needs: Debian's Chromium, the server on a free port, and a page that is watched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from tests.conftest import FreshEngine
from tests.examples import ALL
from tests.web.conftest import QUICK

from donations.jobs.known import KINDS
from donations.jobs.running import Runner
from donations.settings import Settings
from donations.web import create_app
from donations.web.site import Site

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SCREENS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
_LOOKS = [("desk", "light"), ("phone", "dark"), ("desk", "dark"), ("phone", "light")]
LOOKS = pytest.mark.parametrize("looks", [[each] for each in _LOOKS] if ALL else [_LOOKS[:2]], ids=str)
"""In `make test` pages take a screen and a scheme of colours in turn; in `make assurance` each page has all of them."""


_WAYS = [("desk", True), ("phone", False), ("phone", True), ("desk", False)]
WAYS = pytest.mark.parametrize(("screen", "with_script"), _WAYS if ALL else _WAYS[:2])
"""A screen, and whether scripts run: each once in `make test`, with each other in `make assurance`."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def engine(fresh_sqlite: FreshEngine) -> Iterator[Engine]:
    """One database is enough for what a browser sees."""
    with fresh_sqlite() as opened:
        yield opened


_MADE: list[FastAPI] = []


def app_over(
    engine: Engine, *, clock: Callable[[], datetime] | None = None, demo: bool = False, settings: Settings | None = None
) -> FastAPI:
    """Return the application over these books, one at a time: its routes take most of a second to make."""
    settings = settings or Settings(organisation="MTÜ Rohutirts")
    if not _MADE:
        _MADE.append(create_app(settings, engine, passwords=QUICK))
    (app,) = _MADE
    made: Site = app.state.site
    app.state.site = Site(
        settings=settings,
        engine=engine,
        clock=clock or (lambda: datetime.now(UTC)),
        entrance=replace(made.entrance, engine=engine),
        routes=made.routes,
        is_demo=demo,
        jobs=Runner(KINDS),
    )
    return app


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of this computer, by its name: passkeys and secure cookies want one."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        app.state.site.jobs.stop(seconds=60)


def watched(context: BrowserContext, site: str) -> tuple[Page, list[str]]:
    """Open a page, and list what its console complains of and every request that leaves this computer."""
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(site) else None)
    return page, complaints


def in_turn(page: Page, steps: Iterable[str], looks: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Let each step be seen on the next screen, in the next scheme of colours, and name all three."""
    for step, (screen, scheme) in zip(steps, cycle(looks), strict=False):
        page.set_viewport_size(SCREENS[screen])  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        yield f"{step.replace('/', '-')}-{screen}-{scheme}"


def shuts_nobody_out(page: Page, step: str) -> None:
    """Axe finds nothing, and the page is not wider than the screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})  # what is well is not told in full
    assert found.violations_count == 0, (step, found.generate_report())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), step


def press(page: Page, key: str) -> None:
    """Press a key once the page is drawn and its deferred scripts have run: what comes before may get lost."""
    page.wait_for_load_state("load")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.keyboard.press(key)

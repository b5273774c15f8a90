"""Saves every page over given books, so that two versions of the program can be compared: `diff -r` of two folders.

`python -m tests.web.crawl BOOKS.sqlite FOLDER` copies the books, signs in with every role, asks for every GET route
and follows links, a few for each route and each set of parameters. For each answer FOLDER has what was said: a page as
normalised HTML (`.html`) and as text (`.txt`), all else as it is; of papers and archives only the head. Two runs over
the same books give the same files, at whatever time and place.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from fastapi import FastAPI
from httpx2 import Response
from lxml import html
from starlette.testclient import TestClient
from tests.web.addresses import addresses
from tests.web.conftest import QUICK, browser, enter
from tests.web.normalised import normalised, text_of

from donations.access.event import Origin
from donations.access.person import Role
from donations.access.tokens import Scope, make_token
from donations.settings import Settings
from donations.store.opening import open_engine
from donations.store.session import writing
from donations.web import create_app

AT = "2026-12-01T10:00:00+00:00"
A_ROUTE = 6
"""How many addresses of one route, with parameters of the same names, are asked for."""
SAMPLES = {
    "name": ("donors", "gifts", "reconciliation", "month"),
    "kind": ("csv", "json", "beancount"),
    "card": ("total", "goal", "months"),
    "switch": ("on", "off"),
    "month": ("2026-03", "2026-09"),
    "year": ("2025", "2026"),
}
FORGOTTEN = ("/link/", "/docs/static/", "/static/", "/healthz", "/readyz")
HEAVY = re.compile(r"\.(pdf|xlsx|zip)$|/original$")
FIRST = ("/admin/audit", "/account")
"""They show what was looked at until then."""
TEXTS = ("text/", "application/json", "application/problem+json", "application/atom+xml", "image/svg+xml")


class Crawl:
    """Walks through an application by its routes and links."""

    def __init__(self, app: FastAPI, folder: Path) -> None:
        """Take what is walked through, and where to leave what is found."""
        self.app, self.folder = app, folder
        self.declared = app.state.site.routes.declared

    def visit(self, client: TestClient, *, name: str, programs: bool = False) -> int:
        """Save what one visitor finds, under a name; return how many answers."""
        waiting = sorted({*self._starts(programs=programs)}, key=lambda path: (not path.startswith(FIRST), path))
        seen, counted = set(waiting), Counter[object]()
        for path in waiting:  # grows
            kind = self._kind(path)
            if kind is None or counted[kind] >= A_ROUTE or HEAVY.search(urlsplit(path).path):
                continue
            counted[kind] += 1
            answer = client.get(path, follow_redirects=False)
            self._save(answer, path, self.folder / name)
            if answer.headers.get("content-type", "").startswith("text/html"):
                new = [each for each in _links(answer, path) if each not in seen]
                seen.update(new)
                waiting += new
        return counted.total()

    def _starts(self, *, programs: bool) -> Iterator[str]:
        for address in addresses(self.app):
            if address.method != "GET" or address.route.is_for_programs != programs:
                continue
            found = [address.route.path]
            for part, values in SAMPLES.items():
                if f"{{{part}}}" in address.route.path:
                    found = [each.replace(f"{{{part}}}", value) for each in found for value in values]
            for each in found:
                yield from {re.sub(r"{\w+(:\w+)?}", str(number), each) for number in (1, 2, 3)}

    def _kind(self, path: str) -> object:
        parts = urlsplit(path)
        route = self.app.state.site.routes.page(parts.path)
        if route is None or parts.path.startswith(FORGOTTEN):
            return None
        return route.path, tuple(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))

    def _save(self, answer: Response, path: str, folder: Path) -> None:
        kind = answer.headers.get("content-type", "")
        head = f"{answer.status_code} {kind} {answer.headers.get('location', '')}".strip()
        name = re.sub(r"[^\w.=&-]+", "_", path.strip("/"))[:180] or "index"
        folder.mkdir(parents=True, exist_ok=True)
        if kind.startswith("text/html"):
            (folder / f"{name}.html").write_text(f"{head}\n{normalised(answer.text)}", encoding="utf-8")
            (folder / f"{name}.txt").write_text(text_of(answer.text), encoding="utf-8")
        else:
            body = answer.text if kind.startswith(TEXTS) else ""
            (folder / f"{name}.body").write_text(f"{head}\n{body}", encoding="utf-8")


def _links(answer: Response, path: str) -> list[str]:
    found = (urlsplit(urljoin(path, str(each))) for each in html.fromstring(answer.text).xpath("//a/@href"))
    inside = (each for each in found if not each.netloc or each.netloc == "localhost")
    return list(dict.fromkeys(f"{each.path}?{each.query}" if each.query else each.path for each in inside))


def crawl(books: Path, folder: Path, *, at: datetime, languages: tuple[str, ...]) -> None:
    """Save every page over these books as it is at that time, and say how many there are."""
    with tempfile.TemporaryDirectory() as made:
        for each in (*books.parent.glob(f"{books.name}*"), books.with_suffix(".key")):
            shutil.copy(each, made)
        engine = open_engine(f"sqlite:///{Path(made) / books.name}")
        app = create_app(Settings(), engine, clock=lambda: at, passwords=QUICK, called="MTÜ Rohutirts")
        walk = Crawl(app, folder)
        secret = enter(app, *Role, name="Crawling", sees_names=True)
        for language in languages:
            for name, known in (("stranger", None), ("everything", secret)):
                client = browser(app, known)
                client.headers["accept-language"] = language
                print(language, name, walk.visit(client, name=f"{language}/{name}"))  # noqa: T201 - a tool
        origin = Origin(address="127.0.0.1", browser="a crawl", at=at)
        with writing(engine) as session:
            _, text = make_token(session, owner_id=1, name="A", scopes=frozenset(Scope), days=90, origin=origin)
        program = TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {text}"})
        print("program", walk.visit(program, name="program", programs=True))  # noqa: T201
        engine.dispose()


def main() -> None:
    """Read what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("books", type=Path)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--at", type=datetime.fromisoformat, default=AT, help="the time that the pages are shown at")
    asked.add_argument("--languages", default="en,et,ru")
    given = asked.parse_args()
    at = datetime.fromisoformat(AT) if isinstance(given.at, str) else given.at
    crawl(given.books, given.folder, at=at, languages=tuple(given.languages.split(",")))


if __name__ == "__main__":
    main()

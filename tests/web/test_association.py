"""What the association says of itself is set on one page, checked, and shown wherever it belongs."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import Book, gift, statement
from tests.web.conftest import Clock, browser, prove
from tests.web.reading_pages import text_of

from donations.core.picture import PictureKind, picture_head
from donations.core.refusal import Refusal
from donations.documents.logo import checked_logo
from donations.published.document import Goal
from donations.settings import Settings
from donations.store.publishing import PublishingTerms
from donations.web.browser import leads_nowhere
from donations.web.site import Site

PAGE = "/treasurer/association"
OTHER_ACCOUNT = "EE382200221020145685"


def png(width: int = 8, height: int = 4, *, claims: int | None = None) -> bytes:
    """Return a small white picture, which may claim another width."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", claims or width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def send_logo(client: TestClient, content: bytes | None) -> str:
    """Send a logo as the form does, and return the page that follows."""
    token = re.search(r'name="token" value="([0-9a-f]+)"', client.get(PAGE).text)
    assert token is not None
    files: Any = {"token": (None, token[1])}
    if content is not None:
        files["logo"] = ("logo.png", content, "image/png")
    return client.post(PAGE + "/logo", files=files).text


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    return browser(app)


def test_what_is_said_stands_in_the_form_and_goes_when_it_is_emptied(client: TestClient) -> None:
    said = {
        "phone": "+372 5555 5555",
        "web": "https://rohutirts.example",
        "about_ru": "Мы\r\n\r\nздесь",
        "colour": "#AA3300",
    }
    assert "Saved." in text_of(client.post(PAGE, data=said).text)
    shown = client.get(PAGE).text
    assert 'value="+372 5555 5555"' in shown
    assert "Мы\n\nздесь</textarea>" in shown
    assert 'value="#aa3300"' in shown
    client.post(PAGE, data={})
    assert "rohutirts.example" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("web", "javascript:alert(1)", "bad_web_address"),
        ("web", 'https://a.example/"onclick=', "bad_web_address"),
        ("board", "rohutirts.example", "bad_web_address"),
        ("phone", "call me", "bad_phone_shown"),
        ("colour", "red", "bad_colour"),
        ("colour", "#123456;}", "bad_colour"),
        ("registry_code", "12345679", "bad_code"),
        ("address", "x" * 81, "text_refused"),
        ("about_et", "x" * 1_201, "text_refused"),
        ("thanks_et", "x" * 301, "text_refused"),
        ("deeds_en", f"Give to {OTHER_ACCOUNT} instead", "account_in_text"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_nothing_kept(
    client: TestClient, field: str, value: str, code: str
) -> None:
    before = client.get(PAGE).text
    answer = client.post(PAGE, data={"signer": "Mari Mets", field: value})
    assert (answer.status_code in {409, 422}, code in answer.text) == (True, True)
    assert text_of(client.get(PAGE).text) == text_of(before)


def test_another_owner_in_the_statements_is_told(client: TestClient, book: Book) -> None:
    march = statement("03-01", "03-31", gift("03-05", 1_000))
    book.take(replace(march, provenance=replace(march.provenance, owner="MTÜ ROHUTIRTS")))
    client.post(PAGE, data={"name": "Rohutirts MTÜ"})
    assert "name another owner" not in text_of(client.get(PAGE).text)
    client.post(PAGE, data={"name": "Rohutrits MTÜ"})
    assert "Your statements name another owner of the account: “MTÜ ROHUTIRTS”." in text_of(client.get(PAGE).text)


def test_a_logo_is_shown_under_a_path_of_its_own_until_there_is_none(client: TestClient, stranger: TestClient) -> None:
    assert "Saved." in text_of(send_logo(client, png()))
    path = re.search(r'src="(/own/[0-9a-f]{64}/logo)"', client.get(PAGE).text)
    assert path is not None
    answer = stranger.get(path[1])
    assert (answer.content, answer.headers["content-type"]) == (png(), "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert path[1] in stranger.get("/").text
    send_logo(client, png(9))
    assert path[1] not in stranger.get("/").text
    assert stranger.get(path[1]).status_code == 200  # of papers that were issued with it
    assert "bad_logo" in send_logo(client, b"")
    assert "/own/" in stranger.get("/").text
    send_logo(client, None)
    assert 'src="/static/icon.svg"' in stranger.get("/").text
    assert stranger.get(f"/own/{'0' * 64}/logo").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(40),
        png()[:60],
        png(claims=3_000),
        png(1_001, 1_000),
        png() + bytes(200_000),
    ],
    ids=["svg", "gif", "damaged", "too wide", "too many pixels", "too large"],
)
def test_what_is_no_logo_is_refused(client: TestClient, content: bytes) -> None:
    assert "bad_logo" in send_logo(client, content)
    assert "/own/" not in client.get(PAGE).text
    with pytest.raises(Refusal):
        checked_logo(content)


def test_the_kinds_of_pictures_are_told_by_their_bytes() -> None:
    jpeg = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b08000400080101110000")
    webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + (7 | 3 << 14).to_bytes(4, "little") + bytes(8)
    for kind, content in ((PictureKind.PNG, png()), (PictureKind.JPEG, jpeg), (PictureKind.WEBP, webp)):
        head = picture_head(content)
        assert head is not None
        assert (head.kind, head.width, head.height) == (kind, 8, 4)
        assert picture_head(content[:20]) is None


def test_the_colour_is_a_style_of_its_own(client: TestClient, stranger: TestClient) -> None:
    client.post(PAGE, data={"colour": "#ffee00"})
    assert "changed so far that it can be read" in text_of(client.get(PAGE).text)
    assert '<link rel="stylesheet" href="/own/ffee00/colour.css">' in stranger.get("/").text
    style = stranger.get("/own/ffee00/colour.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "--accent:#ffee00" in style.text.partition("dark")[2]
    assert stranger.get("/own/red;}/colour.css").status_code == 422


def test_names_are_read_in_the_language_of_who_reads(
    client: TestClient, stranger: TestClient, book: Book, clock: Clock
) -> None:
    clock.now = LATER
    agreed(book, PublishingTerms(goal=Goal(minor=100_000, text="Katus", since=date(2026, 1, 1))))
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    published(book)
    client.post("/treasurer/settings/appeals/1", data={"name": "Üldine", "ru": "Общее", "en": "The general fund"})
    terms = {"donors_min": "10", "percent": "25", "goal": "1000", "goal_since": "2026-01-01", "goal_text": "Katus"}
    prove(client)
    client.post("/treasurer/publishing/terms", data={**terms, "ru": "Крыша"})
    assert 'value="Крыша"' in client.get("/treasurer/publishing").text
    assert 'value="Общее"' in client.get("/treasurer/settings").text
    for language, goal in (("et", "Katus"), ("en", "Katus"), ("ru", "Крыша")):
        page = text_of(stranger.get("/", headers={"accept-language": language}).text)
        assert goal in page
        assert goal in stranger.get("/embed/goal.svg", headers={"accept-language": language}).text
        report = client.get(f"/treasurer/publishing/report/1?in={language}").text
        assert goal in report


def test_the_public_page_asks_and_is_made_anew_when_that_changes(client: TestClient, stranger: TestClient) -> None:
    said = {
        "about_et": "Oleme niidul.\n\nKirjutame heinast.",
        "deeds_en": "Ten euros mow a hectare.",
        "email": "info@rohutirts.example",
        "phone": "+372 5555 5555",
        "web": "https://rohutirts.example",
        "board": "https://rohutirts.example/juhatus",
    }
    before = stranger.get("/")
    client.post(PAGE, data=said)
    page = stranger.get("/")
    assert before.headers["etag"] != page.headers["etag"]
    assert '<div class="words" lang="et">' in page.text
    assert "<p>Oleme niidul.</p>" in page.text
    assert "Ten euros mow a hectare." in page.text
    assert 'href="mailto:info@rohutirts.example"' in page.text
    assert 'href="tel:+37255555555"' in page.text
    assert 'href="https://rohutirts.example/juhatus"' in page.text
    assert "<script>" not in page.text


def test_a_transfer_is_copied_shared_and_saved_whole(
    client: TestClient, stranger: TestClient, book: Book, clock: Clock
) -> None:
    clock.now = LATER
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    published(book)
    del client
    page = html.fromstring(stranger.get("/").text)
    (everything,) = page.xpath("//button[normalize-space()='Copy all']/@data-text")
    assert everything.split("\n") == [
        "Payee: MTÜ Rohutirts",
        "Account (IBAN): EE382200221020145685",
        "Explanation: Annetus",
    ]
    (iban,) = page.xpath("//button[contains(@aria-label, 'IBAN')]/@data-text")
    assert iban == "EE382200221020145685"
    (picture,) = page.xpath("//a[@download='annetus.png']/@href")
    assert b64decode(picture.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    own = html.fromstring(stranger.get("/give").text)
    (shared,) = own.xpath("//button/@data-share")
    assert shared.endswith("Explanation: Annetus")  # a code of somebody's own is for nobody else


def test_addresses_to_copy_are_those_under_which_the_page_was_reached(
    app: FastAPI, client: TestClient, book: Book, clock: Clock
) -> None:
    clock.now = LATER
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    published(book)
    site: Site = app.state.site
    assert home_of(client.get("/treasurer/publishing/embedding").text) == "https://localhost"
    assert "other people’s browsers do not reach" in text_of(client.get("/treasurer/publishing/embedding").text)
    settings = site.settings.model_copy(update={"address": "https://anneta.example/"})
    app.state.site = replace(site, settings=Settings(**settings.model_dump(exclude_defaults=True)))
    page = client.get("/treasurer/publishing/embedding").text
    assert home_of(page) == "https://anneta.example"
    assert "other people’s browsers do not reach" not in text_of(page)


def home_of(page: str) -> str:
    (address,) = html.fromstring(page).xpath("//*[@id='address']/text()")
    return str(address).rstrip("/")


@pytest.mark.parametrize(
    ("home", "nowhere"),
    [
        ("http://localhost:8132", True),
        ("http://127.0.0.1:8000", True),
        ("http://192.168.1.5", True),
        ("http://[::1]:8000", True),
        ("https://laptop", True),
        ("https://anneta.example.org", False),
    ],
)
def test_addresses_of_this_house_lead_nowhere(home: str, *, nowhere: bool) -> None:
    assert leads_nowhere(home) is nowhere

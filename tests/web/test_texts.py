"""What a form or an address says that cannot be kept is refused alike on both databases."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.book import MARI, Book, line, statement
from tests.web.reading_pages import text_of

TEXTS = [
    ("/treasurer/payments/1/notes", "text", 2_000, {}),
    ("/treasurer/association", "name", 80, {}),
    ("/treasurer/settings/appeals/1", "name", 80, {}),
    ("/treasurer/payments/1/answer", "reason", 1_000, {"kind": "other"}),
    ("/treasurer/payments/1/answer", "donor", 140, {"kind": "gift", "reason": "x"}),
]


@pytest.mark.parametrize(("path", "field", "limit", "more"), TEXTS)
def test_a_text_that_cannot_be_kept_is_refused_by_name(
    client: TestClient, book: Book, path: str, field: str, limit: int, more: dict[str, str]
) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "tere"), opening=0))
    before = book.ledger()
    for text in ("x" * (limit + 1), "Secret\x00"):
        answer = client.post(path, data={**more, field: text})
        said = text_of(answer.text)
        assert (answer.status_code, "text_refused" in said, "Secret" in said) == (422, True, False)
        assert f"“{field}”" in said or "“name”" in said
        assert f"at most {limit} characters" in said
    assert book.ledger() == before

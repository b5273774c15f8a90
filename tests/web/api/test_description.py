"""The description is true: whatever is asked within it, and beside it, is answered as it says, and nothing breaks."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient
from tests.examples import examples

from donations.web.api.description import description

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok)]
BOUNDED = settings(
    max_examples=examples(60),  # of each operation, within the description and beside it
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.usefixtures("lived_in")
def test_answers_are_as_described(program: TestClient, mode: GenerationMode) -> None:
    for operation in sorted(OPERATIONS, key=lambda each: each.method == "delete"):  # first while the books are there

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            _ask(program, case)

        ask()


def _ask(program: TestClient, case: Case[Any]) -> None:
    case.headers.pop("Authorization", None)
    sent = case.as_transport_kwargs(base_url="http://localhost")
    body = sent.pop("data", None)
    answer = program.request(
        sent["method"], sent["url"], params=sent["params"], headers=sent["headers"], json=sent.get("json"), content=body
    )
    case.validate_response(answer, checks=CHECKS)

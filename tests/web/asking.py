"""Lets a `TestClient` ask in one step: Starlette's own wakes the event loop's thread eight times for each request.

Waking a thread takes longer than most of what it then does: a quarter of the time of a small page.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient, _TestClientTransport

Message = MutableMapping[str, Any]


@contextmanager
def asking_in_one_step() -> Iterator[None]:
    """Let all clients share one event loop from now on, and wake it once for each request."""

    @contextmanager
    def shared(client: TestClient) -> Iterator[BlockingPortal]:
        yield client.portal or portal

    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "_portal_factory", shared)
        patch.setattr(_TestClientTransport, "handle_request", _answer)
        yield


def _answer(transport: _TestClientTransport, request: httpx2.Request) -> httpx2.Response:
    body, sent = request.read(), list[Message]()

    async def ask() -> None:
        given, is_answered = iter([body]), anyio.Event()

        async def receive() -> Message:
            for each in given:
                return {"type": "http.request", "body": each}
            await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                is_answered.set()

        await transport.app(_scope(transport, request), receive, send)

    with transport.portal_factory() as portal:
        try:
            portal.call(ask)
        except Exception:
            if transport.raise_server_exceptions or not sent:
                raise
    begun, *parts = sent
    assert begun["type"] == "http.response.start"
    assert not parts[-1].get("more_body", False), "the answer was not finished"
    content = b"" if request.method == "HEAD" else b"".join(each.get("body", b"") for each in parts)
    return httpx2.Response(
        begun["status"], headers=begun["headers"], stream=httpx2.ByteStream(content), request=request
    )


def _scope(transport: _TestClientTransport, request: httpx2.Request) -> dict[str, Any]:
    url, raw_path = request.url, request.url.raw_path
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": raw_path.partition(b"?")[0],
        "root_path": transport.root_path,
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
        "client": transport.client,
        "server": [url.host, url.port or (443 if url.scheme == "https" else 80)],
        "state": transport.app_state.copy(),
    }

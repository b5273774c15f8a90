"""Requests that may be sent again without harm: the same key and content get the same answer, once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header
from starlette.responses import Response

from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store import tokens
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.web.pages import Site

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="A random text that is new for each request: sent again with it, nothing is done again.",
    ),
]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a request was answered: now, or when it came first."""

    status: int
    body: str

    def as_json(self) -> Response:
        """Return it as it is sent."""
        return Response(self.body, self.status, media_type="application/json")


Work = Callable[[WriteSession], KeptAnswer]


def once(site: Site, *, owner_id: int, key: str | None, request: tuple[bytes, ...], work: Work) -> KeptAnswer:
    """Do the work in one transaction with keeping its answer; or return the answer that the same request had.

    Raises `Refusal` where the key is missing, came with another request, or is still being worked on.
    """
    if key is None:
        raise Refusal(RequestCode.IDEMPOTENCY_KEY_MISSING)
    digest = _digest(request)
    # Asked without the writer's lock first: who holds it may be the very request that this one repeats.
    with reading(site.engine) as session:
        begun = tokens.begun(session, owner_id=owner_id, key=key, request=digest, now=site.clock())
        before = _answer_before(begun)
    if before is not None:
        return before
    with writing(site.engine) as session:
        begun = tokens.begun(as_reader(session), owner_id=owner_id, key=key, request=digest, now=site.clock())
        before = _answer_before(begun)
        if before is not None:
            return before
        tokens.begin(session, owner_id=owner_id, key=key, request=digest, now=site.clock())
    try:
        with writing(site.engine) as session:
            answer = work(session)
            tokens.keep_answer(session, owner_id=owner_id, key=key, status=answer.status, answer=answer.body)
            return answer
    except BaseException:
        with writing(site.engine) as session:
            tokens.release(session, owner_id=owner_id, key=key)
        raise


def once_if_keyed(site: Site, *, owner_id: int, key: str | None, request: tuple[bytes, ...], work: Work) -> KeptAnswer:
    """Do the work once where it brings a key; else each time."""
    if key is None:
        with writing(site.engine) as session:
            return work(session)
    return once(site, owner_id=owner_id, key=key, request=request, work=work)


def _answer_before(begun: tokens.EarlierRequest | None) -> KeptAnswer | None:
    if begun is None:
        return None
    if not begun.is_same:
        raise Refusal(RequestCode.IDEMPOTENCY_KEY_REUSED)
    if begun.status is None:
        raise Refusal(RequestCode.IDEMPOTENCY_KEY_IN_FLIGHT)
    return KeptAnswer(begun.status, begun.answer)


def _digest(request: tuple[bytes, ...]) -> str:
    """Name a request: each part by its own digest, so that no part can lend another its bytes."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in request)).hexdigest()

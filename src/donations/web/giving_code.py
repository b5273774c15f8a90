"""The square code of a transfer, drawn into the page."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup

from donations.core.iban import parse_iban
from donations.core.reference import CannotEncodeError, transfer_code
from donations.published.document import HowToGive, TransferWay


@lru_cache(maxsize=64)
def giving_code(giving: HowToGive, way: TransferWay | None) -> Markup | None:
    """Return the code for a gift as SVG; None where the payee's name does not fit into one.

    Error correction M and a quiet zone of four modules, as EPC069-12 asks.
    """
    iban = parse_iban(giving.iban)
    if iban is None:
        return None
    try:
        payload = transfer_code(payee=giving.payee, iban=iban, text="" if way is None else way.keyword)
    except CannotEncodeError:
        return None
    drawn = segno.make(payload, error="m", micro=False, boost_error=False)
    svg = drawn.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff", dark="#000")
    return Markup(svg)  # noqa: S704 - drawn from modules: no text of anybody is in it

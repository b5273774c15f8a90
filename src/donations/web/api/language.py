"""How programs are told things: in the language of the request, days and amounts as programs write them."""

from __future__ import annotations

from dataclasses import replace

from donations.views.telling import PLAIN
from donations.web.language import gettext

TELLER = replace(PLAIN, translate=gettext)

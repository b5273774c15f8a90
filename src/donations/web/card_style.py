"""The one style inside a picture of ours: a card drawn light is dark where its reader's screen is."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

CARD_STYLE = (
    "@media(prefers-color-scheme:dark){.ground{fill:#1d2320;stroke:#333b36}.ink{fill:#e9ece8}.quiet{fill:#a7b0a9}"
    ".accent{fill:#7fcfae}.soft{fill:#20392e}}"
)
CARD_STYLE_SOURCE = f"'sha256-{b64encode(sha256(CARD_STYLE.encode()).digest()).decode()}'"
"""As a content security policy names it."""

"""Files that pages hand out, with their names."""

from __future__ import annotations

from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, *, media_type: str, name: str) -> Response:
    """Return a file to be kept under this name, which is ours and plain ASCII; browsers do not open it as a page."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})

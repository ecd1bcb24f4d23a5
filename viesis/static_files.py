"""Static files: cached for a year when the address names their content, else revalidated."""

from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from core.http.pages import digest

PACKED = {
    "vendor/barcode-detector/zxing_reader.wasm": (
        "checkin/zxing_reader.wasm.br",
        "application/wasm",
    )
}
"""What is large, with the same packed by Brotli (scripts/vendor.py): a hundred kilobytes less on a
phone's first load, and no megabyte to pack for each.
"""


class Files(StaticFiles):
    """`?v=` with the digest of the file (or a vendored file's version) means that it never
    changes.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await self._packed(path, scope) or await super().get_response(path, scope)
        version = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        for_ever = (
            version
            and response.status_code in {200, 304}
            and (path.startswith("vendor/") or version == digest(path))
        )
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if for_ever else "no-cache"
        )
        return response

    async def _packed(self, path: str, scope: Scope) -> Response | None:
        found = PACKED.get(path)
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        if found is None or "br" not in {one.split(";")[0].strip() for one in accepted.split(",")}:
            return None
        response = await super().get_response(found[0], scope)
        response.headers.update(
            {"Content-Encoding": "br", "Content-Type": found[1], "Vary": "Accept-Encoding"}
        )
        return response

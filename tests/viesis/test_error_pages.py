"""Who asks is answered in their own way when something is wrong."""

import pytest
from starlette.requests import Request

from viesis.error_pages import answer


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/health", "application/problem+json"),
        ("/metrics", "application/problem+json"),
        ("/api/v1/projects", "application/problem+json"),
        ("/", "text/html; charset=utf-8"),
    ],
)
def test_machines_are_answered_in_json_when_the_database_is_away(path: str, kind: str) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "state": {},
    }
    found = answer(Request(scope), 503, "Nothing was lost.")
    assert (found.status_code, found.headers["content-type"]) == (503, kind)

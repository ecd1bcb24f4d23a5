"""/api/v1/docs: every call of the JSON interface, written out from the OpenAPI document, without
scripts.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from core.http.api import PREFIX
from core.http.pages import render

router = APIRouter(include_in_schema=False)

_METHODS = ("get", "post", "patch", "put", "delete")


@dataclass(frozen=True)
class Call:
    """One call: `fields` are of its body, as (name, type, whether it must be there, note)."""

    method: str
    path: str
    summary: str
    parameters: list[tuple[str, str, bool, str]]
    fields: list[tuple[str, str, bool, str]]


@router.get(f"{PREFIX}/docs")
async def page(request: Request) -> Response:
    """What can programs do here?"""
    return render(request, "viesis/web/api_docs.html", groups=_groups(request.app))


@lru_cache(maxsize=1)
def _groups(app: FastAPI) -> dict[str, list[Call]]:
    """The calls by the first word of their address, in order of address."""
    document = app.openapi()
    found: dict[str, list[Call]] = {}
    for path, methods in sorted(document["paths"].items()):
        group = path.removeprefix(PREFIX).strip("/").split("/")[0]
        for method in _METHODS:
            if method in methods:
                found.setdefault(group, []).append(_call(document, method, path, methods[method]))
    return found


def _call(document: dict[str, Any], method: str, path: str, spec: dict[str, Any]) -> Call:
    parameters = [
        (p["name"], _type(document, p.get("schema", {})), p.get("required", False), "")
        for p in spec.get("parameters", [])
        if p["in"] == "query"
    ]
    words = spec.get("description") or spec.get("summary", "")
    body = (
        spec.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    )
    return Call(method.upper(), path, words.strip(), parameters, _fields(document, body))


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema.get("items", {}))
    required = set(schema.get("required", []))
    return [
        (name, _type(document, given), name in required, str(given.get("description", "")))
        for name, given in schema.get("properties", {}).items()
    ]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _type(document: dict[str, Any], schema: dict[str, Any], depth: int = 3) -> str:
    """A type in a few words: `string`, `[object]`, `"in" | "out"`."""
    schema = _resolved(document, schema)
    if "enum" in schema:
        return " | ".join(json.dumps(v, ensure_ascii=False) for v in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        said = (
            [_type(document, c, depth - 1) for c in choices if c.get("type") != "null"]
            if depth
            else []
        )
        return " | ".join(dict.fromkeys(said)) or "any"
    if schema.get("type") == "array":
        return f"[{_type(document, schema.get('items', {}), depth - 1) if depth else ''}]"
    return str(schema.get("format") or schema.get("type") or "any")

"""The page of the JSON interface names every call."""

import httpx


async def test_every_call_is_on_the_page(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    page = await client.get("/api/v1/docs")
    assert page.status_code == 200
    calls = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    ]
    assert [call for call in calls if call not in page.text] == []
    assert "<script>" not in page.text

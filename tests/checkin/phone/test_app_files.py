"""The app as a phone keeps it: its page in every language, every file that it uses, one version for
all.
"""

import gzip
import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from checkin.phone.app_files import _used
from checkin.phone.paired_phone import cookie
from core.clock import now
from core.i18n import LANGUAGES
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.scanning.test_rules import gate
from tests.support import factories

# What an app consists of does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago, and this browser a phone at it."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    found = await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
    )
    _device, secret = await gate(found, "Gate 2, Bob")
    client.cookies.set(cookie(), secret, domain="127.0.0.1", path=f"/c/e/{found.slug}")
    return found


async def worker(client: httpx.AsyncClient, door: Event) -> dict[str, Any]:
    """What the service worker was told."""
    answer = await client.get(f"/c/e/{door.slug}/sw.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    lines = re.findall(r"^const ([A-Z]+) = (.*);$", answer.text, re.MULTILINE)
    return {name: json.loads(value) for name, value in lines[:4]}


async def test_every_file_that_the_page_uses_is_kept(
    client: httpx.AsyncClient, door: Event
) -> None:
    told = await worker(client, door)
    base = f"/c/e/{door.slug}"
    assert (told["BASE"], told["LANGUAGES"]) == (base, list(LANGUAGES))
    kept = set(told["FILES"])
    assert len(kept) == len(told["FILES"])
    size = 0
    for address in told["FILES"]:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        size += (
            len(gzip.compress(answer.content, 6))
            if answer.headers["content-type"] != "image/png"
            else len(answer.content)
        )
    # measured over the wire with a browser elsewhere; this says early what grows
    assert size < 700_000, size
    page = (await client.get(f"{base}/")).text
    named = re.findall(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="([^"]+)"', page)
    assert set(named) - kept == set()
    for address in (a for a in kept if a.startswith("/static/")):
        assert set(_used(address)) - kept == set(), address
    assert {f"{base}/?shell={code}" for code in LANGUAGES} | {f"{base}/decode.worker.js"} <= kept
    assert any(a.endswith("zxing_reader.wasm") for a in kept)


async def test_the_page_in_a_language_without_choosing_it(
    client: httpx.AsyncClient, door: Event
) -> None:
    for code in LANGUAGES:
        answer = await client.get(f"/c/e/{door.slug}/?shell={code}")
        assert f'<html lang="{code}"' in answer.text
        assert "set-cookie" not in answer.headers
        assert "Gate 2, Bob" not in answer.text
    assert '<html lang="en"' in (await client.get(f"/c/e/{door.slug}/?shell=xx")).text
    assert "lang=lv" in (await client.get(f"/c/e/{door.slug}/?lang=lv")).headers["set-cookie"]


async def test_another_version_when_anything_differs(
    client: httpx.AsyncClient, door: Event
) -> None:
    before = await worker(client, door)
    assert await worker(client, door) == before
    await Event.filter(id=door.id).update(title={"en": "Another name"})
    assert (await worker(client, door))["VERSION"] != before["VERSION"]


async def test_the_app_has_a_name_and_icons(client: httpx.AsyncClient, door: Event) -> None:
    answer = await client.get(f"/c/e/{door.slug}/app.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    found = answer.json()
    assert (found["name"], found["start_url"], found["scope"]) == (
        door.title["en"],
        f"/c/e/{door.slug}/",
        f"/c/e/{door.slug}/",
    )
    assert {i["purpose"] for i in found["icons"]} == {"any", "maskable"}
    for icon in found["icons"]:
        assert (await client.get(icon["src"])).headers["content-type"] == "image/png"


async def test_who_is_not_paired_sees_no_app(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    assert (await other.get(f"/c/e/{door.slug}/")).status_code == 410
    assert (await other.get(f"/c/e/{door.slug}/app.webmanifest")).status_code == 410
    assert (await other.get("/c/e/nothing/sw.js")).status_code == 404
    there = await other.get(f"/c/e/{door.slug}")
    assert (there.status_code, there.headers["location"]) == (308, f"/c/e/{door.slug}/")

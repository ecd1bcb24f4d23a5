"""What caches and calendar programs ask of an address: a form that they can read, and nothing twice
(RFC 9110).
"""

import httpx
import pytest

from core.settings import Settings
from events.event.event import Event
from tests.events.agenda import add, an_event

ADDRESSES = ("/e/{}.ics", "/e/{}/schedule.xml", "/e/{}/schedule.json", "/e/{}")

# How it is said over HTTP does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def event(database: Settings) -> Event:
    event = await an_event()
    await add(event, "Opening", description={"en": "Long. " * 300})
    return event


ACCEPTED = ("gzip", "br;q=1.0, gzip;q=0.5", "GZIP", "deflate, gzip; q=0.001", "x-gzip")
REFUSED = ("", "gzip;q=0", "br, gzip; q=0.0, *", "identity;q=1, *;q=0", "not-gzip", "gzip;q=x")


async def test_who_takes_no_gzip_gets_none(client: httpx.AsyncClient, event: Event) -> None:
    for asked, address in (
        (asked, address) for asked in (*ACCEPTED, *REFUSED) for address in ADDRESSES
    ):
        answer = await client.get(address.format(event.slug), headers={"Accept-Encoding": asked})
        packed = answer.headers.get("content-encoding") == "gzip"
        assert (asked, address, packed) == (asked, address, asked in ACCEPTED)
        vary = [one.strip() for one in answer.headers["vary"].split(",")]
        assert (len(vary), "Accept-Encoding" in vary) == (len(set(vary)), True)


async def test_who_has_it_is_told_so_however_it_is_asked(
    client: httpx.AsyncClient, event: Event
) -> None:
    for address in (one.format(event.slug) for one in ADDRESSES[:3]):
        first = await client.get(address)
        tag = first.headers["etag"]
        for said in (tag, f"W/{tag}", f'"a", {tag}', f'"a",W/{tag} ,"b"', "*"):
            for ask in (client.get, client.head):
                answer = await ask(address, headers={"If-None-Match": said})
                assert (answer.status_code, answer.content, answer.headers["etag"]) == (
                    304,
                    b"",
                    tag,
                )
                same = ("vary", "cache-control")
                assert [answer.headers[name] for name in same] == [
                    first.headers[name] for name in same
                ]
        for said in ('"a"', tag[:9], tag.strip('"'), ""):
            assert (await client.get(address, headers={"If-None-Match": said})).status_code == 200
        head = await client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == first.headers["content-type"]

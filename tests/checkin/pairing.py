"""A phone is paired: what Alice and Bob do."""

import httpx

from events.event.event import Event
from tests.support import factories


async def link(client: httpx.AsyncClient, door: Event, role: str = "organiser") -> str:
    """The path that the desk shows as a QR."""
    csrf = await factories.sign_in(client, await factories.organiser(door.project, role_name=role))
    page = await client.post(f"/desk/e/{door.slug}/door/phones", data={"csrf": csrf})
    assert page.status_code == 200
    return "/c/vsd_" + page.text.split("/c/vsd_")[1].split('"')[0]


async def pair(
    client: httpx.AsyncClient, phone: httpx.AsyncClient, door: Event, name: str = "Gate 2, Bob"
) -> str:
    """Pair a phone; answers where its app is."""
    answer = await phone.post(await link(client, door), data={"name": name})
    assert answer.status_code == 303
    return str(answer.headers["location"]).rstrip("/")


JSON = {"accept": "application/json"}

"""What rests on a phone: unreadable, gone at the end or when it is stopped; but never what it has
yet to send.
"""

from datetime import timedelta

import pytest
from playwright.async_api import Error

from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from tests.browser.support.bob import Bob, paired, stored
from tests.checkin.people import code, registered


async def test_what_rests_on_the_phone_cannot_be_read(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik", door_note="Needs an interpreter")
    await bob.opens()
    await bob.does("scan", {"ticket": code(ase)})
    await bob.page.context.set_offline(True)
    await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org"})
    await bob.page.evaluate("door.store.set({ control: 'Åse Nordvik' })")
    assert await bob.page.evaluate(READABLE, ["Åse", "Nordvik", "interpreter", "Zoë", "zoe@"]) == [
        "Åse",
        "Nordvik",
    ]
    await bob.page.evaluate("door.store.set({ control: '' })")
    assert await bob.page.evaluate(READABLE, ["Åse", "Nordvik", "interpreter", "Zoë", "zoe@"]) == []
    assert await bob.page.evaluate(KEYS) == {"rest": False, "guests": False, "tickets": False}


KEYS = """async () => Object.fromEntries(await Promise.all(["rest", "guests", "tickets"].map(
  async (name) => [name, (await door.store.get(name)).extractable])))"""

READABLE = """async (words) => {
  const db = door.store.db;
  const said = [];
  const utf8 = new TextDecoder();
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((resolve) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
    const bytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
    said.push(JSON.stringify(rows, (_key, value) => (bytes(value) ? utf8.decode(value) : value)));
  }
  const everything = said.join() + JSON.stringify(Object.entries(localStorage));
  return words.filter((word) => everything.includes(word));
}"""

KEPT = """async () => ({
  roster: (await door.store.parts()).length,
  keys: (await Promise.all(["rest", "tickets"].map((k) => door.store.get(k)))).filter(Boolean).length,
  waiting: (await door.store.waiting()).length, people: door.roster.people.size })"""


async def test_what_cannot_be_opened_is_fetched_again(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    await bob.does("scan", {"ticket": code(ase)})
    another = (
        "crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])"
    )
    await bob.page.evaluate(f"async () => door.store.set({{ rest: await {another} }})")
    await bob.page.reload()
    assert (await bob.opens())["expected"] == 1
    assert [(r["result"], r["name"]) for r in await bob.does("recent", 3)] == [("valid", "")]
    assert [p["name"] for p in await bob.does("find", "ase")] == ["Åse Nordvik"]


async def test_the_event_is_over(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    context = bob.page.context
    await context.set_offline(True)
    assert (await bob.does("scan", {"ticket": code(ase)}))["result"] == "valid"
    await bob.page.evaluate(
        "Object.defineProperty(door.clock, 'now', { value: door.keeper.expiresAt + 1000 })"
    )
    with pytest.raises(Error, match="gone"):
        await bob.does("scan", {"registration": str(ase.id), "method": "manual"})
    assert await bob.does("find", "ase") == []
    assert (await bob.state())["phase"] == "expired"
    await Device.all().update(expires_at=now() - timedelta(minutes=1))
    await context.set_offline(False)
    await bob.until("state.unsent === 0")
    assert await bob.page.evaluate(KEPT) == {"roster": 0, "keys": 0, "waiting": 0, "people": 0}
    assert [s[0] for s in await stored()] == ["valid"]


async def test_a_phone_that_was_stopped(bob: Bob, event: Event) -> None:
    """Its list and keys go at the next contact; what it had not sent goes to the organiser's
    review.
    """
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    context = bob.page.context
    await context.set_offline(True)
    await bob.does("scan", {"ticket": code(ase)})
    await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org"})
    await Device.all().update(revoked_at=now())
    await bob.page.route("**/scans", lambda route: route.abort())
    await context.set_offline(False)
    await bob.until("state.phase === 'revoked'")
    kept = await bob.page.evaluate(KEPT)
    assert (kept["roster"], kept["keys"], kept["people"]) == (0, 0, 0)
    assert kept["waiting"] >= 1
    await bob.page.unroute("**/scans")
    await bob.until("state.unsent === 0")
    assert [(s.counts, "revoked" in s.marks) for s in await Scan.all()] == [(False, True)] * 2
    await paired(context, event, bob.page.url.removesuffix("/health"))
    await bob.until("state.phase === 'open' && state.event !== null")
    assert [p["name"] for p in await bob.does("find", "ase")] == ["Åse Nordvik"]

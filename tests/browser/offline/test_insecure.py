"""At a plain http address a browser gives no keys and no service worker: the door works online, and
says so.
"""

from playwright.async_api import Playwright

from checkin.scanning.scans import Scan
from events.event.event import Event
from tests.browser.support.bob import Bob, paired, stored
from tests.browser.support.chromium import FLAGS, executable
from tests.browser.support.visitor import Visitor
from tests.checkin.people import code, registered


async def test_a_plain_address(served: str, playwright: Playwright, event: Event) -> None:
    url = served.replace("127.0.0.1", "door.test")
    rules = "--host-resolver-rules=MAP door.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    browser = await playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, rules])
    try:
        await works(await Visitor.arrives(browser, base_url=url), url, event)
    finally:
        await browser.close()


async def works(there: Visitor, url: str, event: Event) -> None:
    """A visit to the door at this address."""
    there.expect("Cross-Origin-Opener-Policy header has been ignored")
    ase, jan = await registered(event, "Åse Nordvik"), await registered(event, "Jānis Bērziņš")
    await paired(there.context, event, url)
    await there.page.goto("/health")
    assert await there.page.evaluate("isSecureContext") is False
    bob = Bob(there.page, event)
    state = await bob.opens()
    assert (state["secure"], state["phase"], state["expected"]) == (False, "open", 2)
    answer = await bob.does("scan", {"ticket": code(ase)})
    assert (answer["result"], answer["name"], answer["offline"]) == ("valid", "Åse Nordvik", False)
    welcome = await bob.does("guest", {"name": "Zoë", "email": "zoe@example.org"})
    assert welcome["result"] == "valid"
    assert [p["name"] for p in await bob.does("find", "nis be")] == []
    assert [p["name"] for p in await bob.does("find", "be jan")] == ["Jānis Bērziņš"]
    await there.context.set_offline(True)
    known = await bob.does("scan", {"ticket": code(jan)})
    assert (known["result"], known["offline"]) == ("valid", True)
    assert (await bob.state())["unsent"] == 1
    await there.context.set_offline(False)
    await there.page.reload()
    await bob.opens()
    await bob.until("state.unsent === 0")
    assert [s[:3] for s in await stored()] == [
        ("valid", True, False),
        ("valid", True, False),
        ("valid", True, True),
    ]
    assert await Scan.all().count() == 3
    await there.leaves()

"""The door in Firefox and in WebKit, as far as their automation goes.

In both: pairing by the link, the app's modules, its workers and WebAssembly, tickets before the
camera (a canvas in its place: neither plays a film), the server gone, a reload while it is gone,
and back. Not covered here: the question whether the camera may be used, the light, sleep, and
installing the app to the home screen.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.sessions.access import Actor
from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from tests.browser.support import remote
from tests.browser.support.canvas import hold, replace_camera
from tests.browser.support.daytime import zone
from tests.browser.support.remote import Remote
from tests.checkin.people import code, registered
from tests.support import factories
from tests.support.running import Program

BROWSERS = {"firefox": remote.firefox, "webkit": remote.webkit}


@pytest.fixture(params=BROWSERS)
def window(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """A window of the other browsers, one after the other."""
    folder = tmp_path / str(request.param)
    folder.mkdir(mode=0o700)
    with BROWSERS[request.param](folder) as one:
        yield one


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(second=0, microsecond=0) - timedelta(hours=1)
    when = {"starts_at": start, "ends_at": start + timedelta(hours=8), "timezone": zone()}
    return await factories.event(await factories.project(), title={"en": "Care at home"}, **when)


def start_camera(window: Remote) -> None:
    """Press the button, unless it runs already."""
    replace_camera(window)
    window.click("#start")
    window.wait(
        "const video = document.querySelector('#video'); return video && video.readyState > 1"
    )


def answered(window: Remote, tone: str, *words: str) -> None:
    """The whole screen says so; then nothing is held before the camera, and the answer is put
    away.
    """
    window.sees(*words, where=f"#result[data-tone={tone}]")
    hold(window, "")
    window.wait(
        "const e = document.querySelector('#result'); if (e.hidden) return true; e.click(); return e.hidden"
    )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_door_in_other_browsers(served: Program, window: Remote, event: Event) -> None:
    people = [
        await registered(event, name)
        for name in ("Žanete Šķēle", "Jonas Žukauskas", "Åse Nordvik", "Mari Lund")
    ]
    zanete, jonas, ase, mari = map(code, people)
    _device, link = await Device.offer(event, Actor("alice"))
    window.goto(f"{served.url}/c/{link}")
    window.type("[name=name]", "Gate 3")
    window.click("form button:not([name=lang])")
    window.sees("Care at home", "Gate 3")
    start_camera(window)
    hold(window, zanete)
    answered(window, "green", "Welcome", "Žanete Šķēle")
    window.wait("return navigator.serviceWorker.ready.then(there => Boolean(there.active))")

    served.stop()
    hold(window, jonas)
    answered(window, "green", "Welcome", "Jonas Žukauskas")
    window.reload()
    window.sees("Care at home", "Gate 3", "Jonas Žukauskas")
    start_camera(window)
    hold(window, ase)
    answered(window, "green", "Welcome", "Åse Nordvik")
    hold(window, mari[:-4] + ("ZZZZ" if mari[-4:] != "ZZZZ" else "YYYY"))
    answered(window, "red", "Not a ticket")
    window.sees("To send: 3")

    served.start()
    window.sees("To send: 0", seconds=40)
    scans = await Scan.all().order_by("scanned_at")
    assert [(scan.result, scan.admitted) for scan in scans] == [
        ("valid", False),
        ("valid", True),
        ("valid", True),
        ("unknown", False),
    ]

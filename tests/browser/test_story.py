"""The whole way, as three people go it: a seat, a mail, a door, a calendar, a figure, and the
person behind it.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from core.clock import now
from core.i18n import catalogue
from core.settings import Settings
from tests.browser import film, qr_picture
from tests.browser.support.visitor import Arrive
from tests.support import libical
from tests.support.lint_ics import lint
from tests.support.running import Program, program
from tests.support.smtp import SmtpServer

_ = catalogue("lv").gettext
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def served(fresh: Settings, smtp: SmtpServer) -> Iterator[Program]:
    """The program with a mail server, as an installation has it."""
    with (
        tempfile.TemporaryDirectory(prefix="viesis-") as place,
        program(fresh.database_url, Path(place), smtp_url=smtp.url) as one,
    ):
        yield one


class Alice:
    """The organiser, who prepares by the API."""

    def __init__(self, served: Program) -> None:
        served.last_line("user", "add", "alice@example.org", "--admin")
        token = served.last_line("token", "add", "alice@example.org", "--name", "story")
        self.link = served.last_line("user", "add", "alice@example.org")
        self.api = httpx.Client(
            base_url=f"{served.url}/api/v1", headers={"Authorization": f"Bearer {token}"}
        )

    def post(self, path: str, body: Any) -> Any:
        answer = self.api.post(path, json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def prepare(self) -> dict[str, Any]:
        """A project with an indicator, and a conference that begins in an hour."""
        lead = {"name": "Latgales plānošanas reģions", "country": "LV", "kind": "planning_region"}
        given = {
            "code": "LLI-1",
            "title": {"lv": "Kaimiņi", "en": "Neighbours"},
            "languages": ["lv", "en"],
        }
        project = self.post(
            "/projects", {**given, "timezone": "Europe/Riga", "lead": lead, "partners": []}
        )["slug"]
        self.post(f"/projects/{project}/indicators", {"rule": "PEOPLE", "target": 10})
        begins = now().replace(microsecond=0) + timedelta(hours=1)
        times = {
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=4)).isoformat(),
        }
        title = {"lv": "Konference par ūdeni", "en": "A conference about water"}
        more = {"kind": "conference", "open_to_public": True, "place": "Rēzekne", "capacity": 50}
        event: dict[str, Any] = self.post(
            f"/projects/{project}/events", {**more, "title": title, **times}
        )
        self.post(f"/events/{event['slug']}/publication", {})
        return {**event, "project": project}

    def figure(self, project: str) -> Any:
        """The net value of the one indicator."""
        return self.api.get(f"/projects/{project}/indicators").json()[0]["net"]


async def registered(visitor: Arrive, served: Program, slug: str) -> tuple[str, str]:
    """Ilze registers on her phone, in Latvian, without an account: her ticket, and her page's
    address.
    """
    ilze = await visitor(device="phone", locale="lv-LV", base_url=served.url)
    page = ilze.page
    await page.goto(f"/e/{slug}")
    assert await page.locator("html").get_attribute("lang") == "lv"
    await page.get_by_role("link", name=_("Register"), exact=True).first.click()
    await page.locator("[name=name]").fill("Ilze Bērziņa-Kļaviņa")
    await page.locator("[name=email]").fill("ilze@example.org")
    await page.locator("[name=organisation]").fill("Rēzeknes valstspilsētas pašvaldība")
    await page.locator("[name=agree]").check()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name=_("Register"), exact=True).click()
    await expect(page.locator(".ticket")).to_be_visible()
    code = re.search(
        r"[0-9A-HJKMNP-TV-Z]{16}", (await page.locator(".ticket").inner_text()).replace(" ", "")
    )
    assert code
    address = await page.locator("a[href*='/r/']").first.get_attribute("href")
    assert address
    return code[0], address


async def mailed(smtp: SmtpServer, ticket: str) -> None:
    """The mail arrives, in her language, with her ticket and an .ics that calendars accept."""
    [mail] = await smtp.arrived(1, 60)
    assert mail.recipients == ("ilze@example.org",)
    assert "Konference par ūdeni" in str(mail.message["Subject"]) + mail.part("text/plain")
    assert "image/png" in {p.get_content_type() for p in mail.message.walk()}
    body = mail.part("text/calendar").replace("\r\n", "\n").replace("\n", "\r\n").encode()
    assert lint(body) == []
    assert libical.complaints(body) == []
    assert ticket in mail.part("text/plain").replace(" ", "").replace("-", "")


def subscribed(address: str, folder: Path) -> str:
    """What a calendar program shows of this address: khal, which reads the feed as it came over the
    network.
    """
    body = httpx.get(address.replace("webcal:", "http:"), follow_redirects=True)
    assert body.status_code == 200
    (folder / "feed.ics").write_bytes(body.content)
    (folder / "calendar").mkdir()
    settings = folder / "khal.conf"
    settings.write_text(
        f"[calendars]\n[[viesis]]\npath = {folder / 'calendar'}\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Riga\ndefault_timezone = Europe/Riga\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\ntimeformat = %H:%M\n"
    )
    khal = [sys.executable, "-m", "khal", "-c", str(settings)]
    subprocess.run(
        [*khal, "import", "--batch", str(folder / "feed.ics")], check=True, capture_output=True
    )
    shown = subprocess.run(
        [*khal, "list", "today", "3d"], check=True, capture_output=True, text=True
    )
    return shown.stdout


@pytest.mark.timeout(400)
async def test_three_people_go_the_whole_way(
    served: Program, smtp: SmtpServer, visitor: Arrive, filming: Arrive, tmp_path: Path
) -> None:
    organiser = Alice(served)
    event = organiser.prepare()
    ticket, address = await registered(visitor, served, event["slug"])
    await mailed(smtp, ticket)
    assert organiser.figure(event["project"]) == 0

    alice = (await visitor(device="desktop", base_url=served.url)).page
    await alice.goto(organiser.link)
    await alice.get_by_role("button", name="Sign in").click()
    await alice.goto(f"/desk/e/{event['slug']}/door")
    await alice.get_by_role("button", name="Pair a phone").click()
    link = await alice.get_by_label("Or send this link to the phone").input_value()

    shown = film(tmp_path / "ticket.mjpeg", [qr_picture(ticket)], frames=30)
    bob = await filming(film=shown, base_url=served.url, **PHONE)
    await bob.page.goto(link)
    await bob.page.get_by_label("A name for this phone").fill("Gate 1, Bob")
    await bob.page.get_by_role("button", name="Use this phone at the door").click()
    green = bob.page.locator("#result[data-tone=green]")
    await expect(green).to_contain_text("Ilze Bērziņa-Kļaviņa", timeout=30_000)

    await alice.goto(f"/desk/e/{event['slug']}/door")
    await expect(alice.locator("#figure-came .number")).to_have_text("1", timeout=15_000)
    assert organiser.figure(event["project"]) == 1

    feed = (await alice.request.get(f"{served.url}/e/{event['slug']}.ics")).url
    assert "Konference par ūdeni" in subscribed(feed, tmp_path)

    await alice.goto(f"/desk/p/{event['project']}/indicators")
    await alice.locator("main table a").first.click()
    await expect(alice.get_by_text("1", exact=True).first).to_be_visible()
    await alice.locator("main").get_by_role("link", name="A conference about water").first.click()
    await expect(alice.locator("main").get_by_text("Ilze Bērziņa-Kļaviņa").first).to_be_visible()

    ilze = await visitor(device="phone", locale="lv-LV", base_url=served.url)
    await ilze.page.goto(address)
    await expect(ilze.page.locator(".ticket")).to_be_visible()
    organiser.api.close()

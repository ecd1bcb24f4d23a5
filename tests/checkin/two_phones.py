"""Two phones, a server, and a simple model of what must come out; the phones are the real ones, in
a browser.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from playwright.async_api import Page

from accounts.sessions.access import Actor
from checkin.attendance.attendance import event_attendance
from checkin.review.conflicts import conflicts
from checkin.scanning.presence import Presence
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from registrations.form.entry import Entry
from registrations.placing.substitution import substitute
from registrations.registration.registration import Registration
from tests.browser.support.bob import paired
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered
from tests.support import factories

Net = Literal["up", "cut", "lost"]
"""All passes · nothing passes · the server hears, but its answers to scans and undos are lost."""
SKEWS = (-180_000, 95_000)
"""Milliseconds by which each phone's own clock is wrong."""
STEP = timedelta(seconds=30)

OPEN = """async ([base, skew, broken]) => {
  const { Door } = await import("/static/checkin/door.js");
  const { Clock } = await import("/static/checkin/clock.js");
  const through = async (address, options) => {
    if (window.net === "cut") throw new TypeError("no reception");
    if (broken && address.endsWith("/scans")) options.body = options.body.replaceAll(/,"admitted":true/g, "");
    const answer = await fetch(address, options);
    if (window.net === "lost" && /\\/(scans|undo)$/.test(address)) throw new TypeError("the answer is lost");
    if (!address.endsWith("/contact")) return answer;
    return new Response(JSON.stringify({ ...await answer.json(), now: window.at }), answer);
  };
  const clock = new Clock({ wall: () => window.at + skew, steady: () => window.at });
  window.net = "up";
  window.door?.close();
  window.again = () => Door.open({ base, fetch: through, clock, worker: false, alone: true });
  window.door = await window.again();
}"""

DO = """async ([method, given, at]) => {
  window.at = at;
  if (method === "reopen") {
    door.close();
    window.door = await window.again();
  }
  const answer = method === "reopen" ? null : await door[method](...given);
  await door.idle();
  return answer;
}"""


@dataclass
class Crossing:
    """A scan as the volunteer saw it, and as the model counts it."""

    id: str
    person: int
    phone: int
    direction: str
    at: int
    offline: bool
    admits: bool
    unlisted: bool
    against: bool = False
    """Whether the list said otherwise when the server first heard of it."""
    heard: bool = False
    undone: bool = False


@dataclass
class Doors:
    """One event, two phones at its doors, and the model: what was shown, in the order of time."""

    pages: tuple[Page, Page]
    event: Event
    people: list[Registration] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    forged: int = 0
    at: int = 0

    @classmethod
    async def open(cls, pages: tuple[Page, Page], url: str, *, broken: bool = False) -> "Doors":
        """A new event with three people, and both phones paired with it."""
        begins = now().replace(microsecond=0) - timedelta(hours=1)
        event = await factories.event(
            await factories.project(),
            starts_at=begins,
            ends_at=begins + timedelta(hours=6),
            capacity=None,
            timezone=zone(),
        )
        found = cls(pages, event, at=int((begins + timedelta(minutes=5)).timestamp() * 1000))
        found.people = [
            await registered(event, status=status)
            for status in ("confirmed", "confirmed", "pending")
        ]
        for n, page in enumerate(pages):
            # a browser keeps so many cookies and forgets the oldest
            await page.context.clear_cookies()
            await paired(page.context, event, url, f"Gate {n + 1}")
            await page.evaluate("(at) => { window.at = at; }", found.at)
            await page.evaluate(OPEN, [f"/c/e/{event.slug}", SKEWS[n], broken])
        return found

    async def does(self, phone: int, method: str, *given: Any) -> Any:
        """One act at one phone, half a minute after the last; until nothing is under way."""
        self.at += int(STEP.total_seconds() * 1000)
        answer = await self.pages[phone].evaluate(DO, [method, list(given), self.at])
        await self._hear(phone)
        return answer

    async def has(self, phone: int, net: Net) -> None:
        """What a phone's requests meet from now on."""
        await self.pages[phone].evaluate("(net) => { window.net = net; }", net)

    async def _hear(self, phone: int) -> None:
        """What the server has heard by now it judged by the list of now."""
        mine = [c for c in self.crossings if c.phone == phone and not c.heard]
        there = {
            str(i)
            for i in await Scan.filter(id__in=[c.id for c in mine]).values_list("id", flat=True)
        }
        for one in mine:
            if one.id in there:
                one.heard, one.against = True, await self._gone(one.person)

    async def _gone(self, person: int) -> bool:
        return (await Registration.get(id=self.people[person].id)).status != "confirmed"

    async def scan(self, phone: int, person: int, direction: str) -> None:
        """Someone's ticket, at one phone."""
        gone = await self._gone(person)
        answer = await self.does(
            phone, "scan", {"ticket": code(self.people[person]), "direction": direction}
        )
        if not answer["offline"]:
            assert answer["admits"] is not gone
        self.crossings.append(
            Crossing(
                answer["id"],
                person,
                phone,
                direction,
                self.at,
                answer["offline"],
                answer["admits"],
                answer["unlisted"],
            )
        )
        await self._hear(phone)

    async def forge(self, phone: int) -> None:
        """A code that nobody made."""
        last = code(self.people[0])[-1]
        answer = await self.does(
            phone, "scan", {"ticket": code(self.people[0])[:-1] + ("0" if last != "0" else "1")}
        )
        assert (answer["result"], answer["admits"]) == ("unknown", False)
        self.forged += 1

    async def undo(self, phone: int, which: int) -> None:
        """Take back one of this phone's scans that let someone in or out."""
        mine = [c for c in self.crossings if c.phone == phone and c.admits and not c.undone]
        if mine:
            chosen = mine[which % len(mine)]
            answer = await self.does(phone, "undo", chosen.id)
            chosen.undone = answer["undone"]
            assert chosen.undone or self.at - chosen.at > 15 * 60_000

    async def approve(self, person: int) -> None:
        """The organiser lets in whoever waits for that."""
        found = await Registration.get(id=self.people[person].id)
        if found.status == "pending":
            await found.approve(Actor("alice"))

    async def cancel(self, person: int) -> None:
        """The organiser cancels someone."""
        found = await Registration.get(id=self.people[person].id)
        if found.active:
            await found.cancel("ill", Actor("alice"), notify=False)

    async def replace(self, person: int) -> None:
        """Someone else comes instead, with a ticket of their own."""
        found = await Registration.get(id=self.people[person].id)
        if found.active and len(self.people) < 5:
            entry = Entry(name=f"Instead of {found.id}", email=f"instead{found.id}@example.org")
            self.people.append(await substitute(found, entry, actor=Actor("alice")))

    async def finish(self, order: tuple[int, ...]) -> None:
        """Both have reception again and send, in this order; then all must be as the model has
        it.
        """
        for phone in order:
            await self.has(phone, "up")
            await self.does(phone, "contact")
        assert [(await page.evaluate("door.state"))["unsent"] for page in self.pages] == [0, 0]
        await self.check()

    async def check(self) -> None:
        """The server has each scan once, and figures and conflicts as the model."""
        assert (
            await Scan.filter(event_id=self.event.id).count() == len(self.crossings) + self.forged
        )
        counted = [c for c in self.crossings if c.admits and not c.undone]
        found = await event_attendance(self.event)
        inside = {
            person: standing(c for c in counted if c.person == person)
            for person in range(len(self.people))
        }
        # only a way in is a sign of having been there
        came = {c.person for c in counted if c.direction == "in"}
        assert found["attended"] == len(came)
        assert found["inside"] == sum(inside.values())
        there = await Presence.filter(event_id=self.event.id, inside=True).values_list(
            "registration_id", flat=True
        )
        assert set(there) == {self.people[p].id for p, is_in in inside.items() if is_in}
        listed, odd = await self._listed(), self._odd(counted)
        assert listed == odd, f"listed {listed}, model {odd}"

    async def _listed(self) -> list[tuple[str, ...]]:
        return sorted(
            (*c.kinds, str(c.last.registration or "")) for c in await conflicts(self.event)
        )

    def _odd(self, counted: list[Crossing]) -> list[tuple[str, ...]]:
        # one code, however often it was shown
        odd: list[tuple[str, ...]] = [("forged", "")] * min(self.forged, 1)
        for one in self.crossings:
            against = one.admits and one.against and one.offline
            kinds = [
                kind for kind, is_so in (("admitted", against), ("unlisted", one.unlisted)) if is_so
            ]
            if kinds and not one.undone:
                odd.append((*kinds, str(self.people[one.person].id)))
        for person in range(len(self.people)):
            stays = stays_of(c for c in counted if c.person == person)
            twice = [
                s for s in stays if len({c.phone for c in s}) > 1 and any(c.offline for c in s)
            ]
            odd += [("twice", str(self.people[person].id))] * len(twice)
        return sorted(odd)


def stays_of(crossings: Any) -> list[list[Crossing]]:
    """The entries of each stay: from the first way in until a way out."""
    found: list[list[Crossing]] = [[]]
    for one in sorted(crossings, key=lambda c: c.at):
        if one.direction == "out":
            found.append([])
        else:
            found[-1].append(one)
    return found


def standing(crossings: Any) -> bool:
    """Whether someone is inside after all this."""
    last = max(crossings, key=lambda c: c.at, default=None)
    return last is not None and last.direction == "in"

"""Twenty thousand people on a phone: how long, how much."""

import pytest

from tests.browser.support.visitor import Arrive

SLACK = 3
"""A slow machine, with others at work on it."""
NAMES = [
    "Žanete Šķēle",
    "Āris Čakste",
    "Łucja Øygård",
    "Æsa Ødegård",
    "Jūratė Žukauskaitė",
    "Ģirts Ņikitins",
]

FILLED = """async ([names, most]) => {
  const { Door } = await import("/static/checkin/door.js");
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const identity = () => "0" + Array.from({ length: 9 }, () => letters[Math.floor(Math.random() * 32)]).join("");
  const person = (_one, n) => [
    `${n}`, identity(), `${names[n % names.length]} ${`${n}`.padStart(5, "0")}`, `Organisation ${n % 300}`,
    "attendee", "confirmed", n % 50 ? "" : "Needs an interpreter", null,
  ];
  const now = Date.now();
  const times = { starts_at: now, ends_at: now + 3.6e6, zone: "Europe/Riga" };
  const event = { id: "1", title: "Large", ...times, status: "published", walk_ins: "no" };
  const inside = Array.from({ length: most / 2 }, (_one, n) => [`${n}`, "2026-05-12", 1, now, "Gate 1"]);
  const people = Array.from({ length: most }, person);
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
  const whole = { whole: true, key, event, sessions: [], people, inside, others: {}, gone: [] };
  const roster = JSON.stringify({ cursor: "1", ...whole });
  const contact = JSON.stringify({ now, expires_at: now + 1e8, revoked: false, cursor: "1" });
  const fetch = async (address) => new Response(address.endsWith("/contact") ? contact : roster);
  const door = await Door.open({ base: "/c/e/large", worker: false, fetch });
  door.close();
}"""

OPENED = """async () => {
  const { Door } = await import("/static/checkin/door.js");
  const fetch = () => Promise.reject(new TypeError("no reception"));
  const t = performance.now();
  window.door = await Door.open({ base: "/c/e/large", worker: false, fetch });
  return performance.now() - t;
}"""

SEARCHED = """(text) => {
  const t = performance.now();
  const found = door.find(text, { unit: "2026-05-12" });
  return [performance.now() - t, found.length, found.more, found[0].name.split(" ")[0]];
}"""

GROUPED = """() => {
  const t = performance.now();
  const found = door.groups("organisation", { unit: "2026-05-12" });
  return [performance.now() - t, found.length, found[0].people];
}"""

AT_REST = """async () => {
  const parts = await door.store.parts();
  return parts.reduce((sum, { part }) => sum + part.data.byteLength, 0);
}"""


@pytest.mark.figures
async def test_twenty_thousand_people(served: str, visitor: Arrive) -> None:
    page = (await visitor(base_url=served)).page
    await page.goto("/health")
    await page.evaluate(FILLED, [NAMES, 20_000])
    await page.reload()
    opened = await page.evaluate(OPENED)
    state = await page.evaluate("door.state")
    assert (state["expected"], state["counts"]) == (
        20_000,
        {"2026-05-12": {"came": 10_000, "inside": 10_000}},
    )
    asked = {
        text: await page.evaluate(SEARCHED, text)
        for text in ("ca", "zuk jur", "oyg", "aesa", "nik", "19999")
    }
    grouped, groups, people = await page.evaluate(GROUPED)
    kept = await page.evaluate(AT_REST)
    slowest = max(took for took, *_rest in asked.values())
    print(f"20,000 people: opens in {opened:.0f} ms, {kept / 1e6:.1f} MB at rest,")
    print(f"slowest search {slowest:.1f} ms, 300 groups {grouped:.1f} ms")
    assert [(n, more, name) for _took, n, more, name in asked.values()] == [
        (30, True, "Āris"),
        (30, True, "Jūratė"),
        (30, True, "Łucja"),
        (30, True, "Æsa"),
        (30, True, "Ģirts"),
        (1, False, "Āris"),
    ]
    assert (groups, people) == (300, 67)
    assert kept < 20e6
    assert opened < 2000 * SLACK
    assert slowest < 100 * SLACK

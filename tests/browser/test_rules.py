"""The table of rules, checkin/scanning/rules.json, asked of the phone: its own list, its own keys,
no reception.
"""

from typing import Any

import pytest

from core.settings import Settings
from tests.browser.support.visitor import Arrive
from tests.browser.support.within import serving
from tests.checkin import rules

ASK = """async (cases) => {
  const { Door } = await import("/static/checkin/door.js");
  const { Clock } = await import("/static/checkin/clock.js");
  const answers = {};
  for (const [name, roster, { at, ...scan }] of cases) {
    const contact = { now: at, expires_at: 1e15, revoked: false, cursor: roster.cursor };
    const told = { "/contact": contact, "/roster": roster };
    const fetch = async (address) => {
      const path = Object.keys(told).find((one) => address.endsWith(one));
      if (!path) throw new TypeError("no reception");
      return new Response(JSON.stringify(told[path]));
    };
    const door = await Door.open({ base: `/c/e/${name}`, worker: false, fetch, clock: new Clock({ wall: () => at }) });
    door.online = false;
    answers[name] = await door.scan(scan);
    door.close();
  }
  return answers;
}"""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_phone_keeps_to_the_table(database: Settings, visitor: Arrive) -> None:
    cases = rules.cases("phone")
    async with serving() as url:
        page = (await visitor(base_url=url)).page
        await page.goto("/health")
        answers: dict[str, Any] = await page.evaluate(
            ASK, [[c["name"], *rules.roster_of(c)] for c in cases]
        )
        await page.close()
    wrong = {}
    for case in cases:
        since = rules.milliseconds(case["since"]) if "since" in case else None
        wanted = (case["result"], case["admits"], since, case.get("gate", ""), case.get("other"))
        answer = answers[case["name"]]
        assert answer["offline"]
        other = answer["other"] if case["result"] == "other_event" else None
        found = (answer["result"], answer["admits"], answer["since"], answer["gate"], other)
        if wanted != found:
            wrong[case["name"]] = (wanted, found)
    assert wrong == {}
    assert len(cases) >= 60

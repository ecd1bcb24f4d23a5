"""Phones at the door under faults, beside a program that runs as processes of its own."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from playwright.async_api import async_playwright
from tortoise.backends.base.executor import EXECUTOR_CACHE

from checkin.scanning.scans import Scan
from core import db, settings
from core.clock import now
from events.event.event import Event
from tests.browser.support.bob import paired
from tests.browser.support.chromium import launch
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered
from tests.conftest import made
from tests.faults.phone import Storm, lost, told
from tests.support import factories
from tests.support.running import program
from viesis.models import MODULES

SCANS, KILLS = 1000, 10
STORIES = 300


async def phone_in_a_storm(url: str, place: Path, workers: int) -> list[str]:
    """A thousand scans with the network cut every two seconds, answers dropped and the tab killed
    ten times.
    """
    with program(url, place, "--no-worker", "--workers", str(workers)) as served:
        given = made(url, place)
        settings.use(given)
        EXECUTOR_CACHE.clear()
        await db.connect(given, MODULES)
        try:
            begins = now().replace(microsecond=0) - timedelta(hours=1)
            event: Event = await factories.event(
                await factories.project(),
                starts_at=begins,
                ends_at=begins + timedelta(hours=8),
                capacity=None,
                timezone=zone(),
            )
            codes = [code(await registered(event)) for _n in range(SCANS)]
            storm = Storm(f"/c/e/{event.slug}", kills=KILLS)
            began = time.monotonic()
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                context = await browser.new_context()
                await paired(context, event, served.url)
                await storm.rages(context, served.url, codes)
                await browser.close()
            print(f"    {SCANS} scans, {told(storm, began)}")
            stored = [(str(s.id), s.ticket, s.counts) for s in await Scan.filter(event_id=event.id)]
        finally:
            await db.disconnect()
        return lost(storm.shown, stored, codes)


async def two_phones(_url: str, _place: Path, workers: int) -> list[str]:
    """Stories of two phones that nobody has told before, on one engine."""
    engine = "sqlite" if workers == 1 else "postgres"
    test = f"tests/checkin/scanning/test_two_phones.py::test_attendance_equals_a_simple_model[{engine}]"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    env = {**os.environ, "TWO_PHONES": str(STORIES)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)  # noqa: ASYNC221 - nothing else runs
    return [] if done.returncode == 0 else [done.stdout[-2000:]]

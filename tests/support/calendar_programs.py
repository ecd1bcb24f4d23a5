"""Programs that people and organisations read calendars with; each says what it would show.

Answers of each: {title: (begin as its place's clocks show it, status)}, with what was called off as
CANCELLED.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import vobject

ROOT = Path(__file__).resolve().parents[2]
ICAL_JS = ROOT / ".cache" / "npm" / "ical.min.cjs"
Shown = dict[str, tuple[str, str]]

_JS = """
const ICAL = require(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const found = {};
for (const part of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(part);
  const start = event.startDate, end = event.endDate;
  found[event.summary] = [start.toString(), part.getFirstPropertyValue("status"), start.toUnixTime(), end.toUnixTime()];
}
console.log(JSON.stringify(found));
"""

_JS_INVITED = """
const ICAL = require(process.argv[1]);
const calendar = new ICAL.Component(ICAL.parse(require("fs").readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const [part] = calendar.getAllSubcomponents("vevent"), event = new ICAL.Event(part), [who] = event.attendees;
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"), status: part.getFirstPropertyValue("status"),
  uid: event.uid, sequence: event.sequence, title: event.summary, description: event.description || "",
  starts: event.startDate.toString(), ends: event.endDate.toString(), zone: event.startDate.zone.tzid,
  moment: event.startDate.toUnixTime(), organizer: event.organizer, guest: who.getFirstValue(),
  answer: who.getParameter("partstat") || "",
}));
"""


def ical_js(body: bytes) -> Shown:
    """As Thunderbird reads it, with the time zones that come in the file and no others."""
    found: dict[str, tuple[str, str, int, int]] = _node(_JS, body)
    entries: list[Any] = icalendar.Calendar.from_ical(body).walk("VEVENT")
    moments = {str(e["summary"]): (_moment(e.start), _moment(e.end)) for e in entries}
    for title, (_start, _status, first, last) in found.items():
        begins, ends = moments[title]
        assert (begins or first, ends or last) == (first, last), (
            title,
            "its own reading of the zones",
        )
    return {title: (start[:16], status) for title, (start, status, _first, _last) in found.items()}


def invited(body: bytes) -> dict[str, Any]:
    """An invitation as Thunderbird reads it: `method`, `uid`, `sequence`, who invites whom, and
    what is shown.
    """
    found: dict[str, Any] = _node(_JS_INVITED, body)
    return found


def _node(script: str, body: bytes) -> Any:
    node = shutil.which("node") or str(Path(sys.executable).parent / "node")
    done = subprocess.run(
        [node, "-e", script, str(ICAL_JS)], input=body, capture_output=True, check=True
    )
    return json.loads(done.stdout)


def _moment(at: date) -> int:
    return int(at.timestamp()) if isinstance(at, datetime) else 0


def vobjects(body: bytes) -> Shown:
    """Vobject, which Radicale and older tools build upon."""
    return {
        e.summary.value: (_wall(e.dtstart.value), e.status.value)
        for e in vobject.readOne(body.decode()).vevent_list
    }


def khal(body: bytes, folder: Path) -> Shown:
    """A calendar program on the command line: a fresh subscription."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "calendar").mkdir(parents=True)
    (folder / "feed.ics").write_bytes(body)
    form = "%Y-%m-%dT%H:%M"
    settings = folder / "khal.conf"
    settings.write_text(
        f"[calendars]\n[[viesis]]\npath = {folder / 'calendar'}\n[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Riga\ndefault_timezone = Europe/Riga\ndateformat = %Y-%m-%d\n"
        f"longdateformat = %Y-%m-%d\ndatetimeformat = {form}\nlongdatetimeformat = {form}\ntimeformat = %H:%M\n"
    )
    run = [sys.executable, "-m", "khal", "-c", str(settings)]
    subprocess.run(
        [*run, "import", "--batch", str(folder / "feed.ics")], check=True, capture_output=True
    )
    words = [
        "list",
        "--once",
        "--notstarted",
        "--day-format",
        "",
        "--format",
        "{title}\t{start-long}\t{status}",
    ]
    done = subprocess.run(
        [*run, *words, "2031-12-01", "30d"], check=True, capture_output=True, text=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return {title: (start, status.strip()) for title, start, status in lines}


def _wall(at: Any) -> str:
    return (
        at.replace(tzinfo=None).isoformat()[:16]
        if isinstance(at, datetime)
        else str(at.isoformat())
    )


PROGRAMS: dict[str, Callable[[bytes], Shown]] = {
    "ical.js": ical_js,
    "vobject": vobjects,
}

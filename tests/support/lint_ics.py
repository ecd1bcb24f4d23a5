"""Our own lint of calendars, byte by byte: what no library notices (RFC 5545, RFC 7986).

assert lint(feed) == []
"""

import re
from collections import Counter
from dataclasses import dataclass, field

TEXTS = {
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "COMMENT",
    "CONTACT",
    "NAME",
    "X-WR-CALNAME",
    "X-WR-CALDESC",
}
LISTS = {"CATEGORIES", "RESOURCES"}
REQUIRED = {
    "VCALENDAR": {"VERSION", "PRODID"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VALARM": {"ACTION", "TRIGGER"},
}
ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "GEO",
    "URL",
    "CREATED",
    "LAST-MODIFIED",
    "TRANSP",
    "CLASS",
    "VERSION",
    "PRODID",
    "TZID",
    "ORGANIZER",
}
STATUSES = {"TENTATIVE", "CONFIRMED", "CANCELLED"}
MOMENT = re.compile(r"\d{8}T\d{6}Z?")
DAY = re.compile(r"\d{8}")
LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)*):(?P<value>.*)",
    re.DOTALL,
)
PARAMETER = re.compile(r";([A-Za-z0-9-]+)=((?:\"[^\"]*\"|[^\";:])*)")


@dataclass
class Component:
    """A BEGIN … END with its properties: name, parameters, value."""

    name: str
    properties: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """The values of every property of this name."""
        return [value for found, _parameters, value in self.properties if found == name]

    def every(self) -> list["Component"]:
        """This one and all below."""
        return [self, *(below for child in self.children for below in child.every())]


def lint(calendar: bytes, *, feed: bool = True) -> list[str]:
    """What is wrong with a calendar, one line each. A `feed` has no METHOD; an invitation by mail
    may have one.
    """
    wrong = bytes_wrong(calendar)
    lines = (
        calendar.decode("utf-8", "replace").replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")
    )
    root, structure = parsed([line for line in lines if line])
    wrong += structure
    if root is None:
        return [*wrong, "there is no VCALENDAR"]
    for component in root.every():
        wrong += component_wrong(component)
    return wrong + calendar_wrong(root, feed=feed)


def bytes_wrong(calendar: bytes) -> list[str]:
    """Line ends, lengths, characters."""
    wrong = []
    if calendar.startswith(b"\xef\xbb\xbf"):
        wrong.append("begins with a byte order mark")
    if not calendar.endswith(b"\r\n"):
        wrong.append("does not end with CRLF")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", calendar):
        wrong.append("a line end that is not CRLF")
    for number, line in enumerate(calendar.split(b"\r\n")[:-1], 1):
        if len(line) > 75:
            wrong.append(f"line {number}: {len(line)} octets, 75 are allowed")
        if not line.strip(b" \t"):
            wrong.append(f"line {number}: empty")
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line.replace(b"\t", b"")):
            wrong.append(f"line {number}: a control character")
        try:
            line.decode()
        except UnicodeDecodeError:
            wrong.append(f"line {number}: not UTF-8, or folded inside a character")
    return wrong


def parsed(lines: list[str]) -> tuple[Component | None, list[str]]:
    """The unfolded lines as a tree, and what is wrong with its nesting."""
    wrong: list[str] = []
    root: Component | None = None
    open_ones: list[Component] = []
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            wrong.append(f"not a content line: {line[:60]}")
            continue
        name, value = found["name"].upper(), found["value"]
        if name == "BEGIN":
            component = Component(value)
            if open_ones:
                open_ones[-1].children.append(component)
            elif root is None and value == "VCALENDAR":
                root = component
            else:
                wrong.append(f"{value} beside or outside the VCALENDAR")
            open_ones.append(component)
        elif name == "END":
            if not open_ones or open_ones.pop().name != value:
                wrong.append(f"END:{value} closes nothing")
        elif open_ones:
            parameters = {
                key.upper(): given.strip('"')
                for key, given in PARAMETER.findall(found["parameters"])
            }
            open_ones[-1].properties.append((name, parameters, value))
        else:
            wrong.append(f"outside the VCALENDAR: {line[:60]}")
    return root, wrong + [f"{component.name} is not closed" for component in open_ones]


def component_wrong(component: Component) -> list[str]:
    """Properties missing, doubled, or with a value of the wrong form."""
    names = Counter(name for name, _parameters, _value in component.properties)
    what = f"{component.name} {''.join(component.values('UID')[:1])}".strip()
    wrong = [
        f"{what}: no {name}" for name in sorted(REQUIRED.get(component.name, set()) - set(names))
    ]
    wrong += [
        f"{what}: {name} {names[name]} times"
        for name in sorted(ONCE & set(names))
        if names[name] > 1
    ]
    for name, parameters, value in component.properties:
        wrong += [f"{what}: {name}: {error}" for error in value_wrong(name, parameters, value)]
    if component.name == "VEVENT":
        wrong += [f"{what}: {error}" for error in event_wrong(component)]
    if component.name == "VTIMEZONE" and not any(
        child.name == "STANDARD" for child in component.children
    ):
        wrong.append(f"{what}: no STANDARD")
    return wrong


def value_wrong(name: str, parameters: dict[str, str], value: str) -> list[str]:
    """Escaping of texts, form of moments."""
    if name in TEXTS | LISTS:
        # RFC 5545, 3.3.11: a comma and a semicolon are escaped; a backslash only before \ ; , n N.
        bare = re.sub(r"\\[\\;,nN]", "", value)
        special = "\\;" if name in LISTS else "\\;,"
        return [f"{sign!r} is not escaped" for sign in special if sign in bare]
    if name in {"DTSTAMP", "CREATED", "LAST-MODIFIED"}:
        return (
            []
            if MOMENT.fullmatch(value) and value.endswith("Z")
            else [f"not a moment in UTC: {value}"]
        )
    if name in {"DTSTART", "DTEND", "RECURRENCE-ID"}:
        return moment_wrong(parameters, value)
    wrong = {
        "STATUS": f"not a status: {value}" if value not in STATUSES else "",
        "REFRESH-INTERVAL": "without VALUE=DURATION"
        if parameters.get("VALUE") != "DURATION"
        else "",
        "SEQUENCE": f"not a number: {value}" if not value.isdecimal() else "",
    }.get(name)
    return [wrong] if wrong else []


def moment_wrong(parameters: dict[str, str], value: str) -> list[str]:
    """A date, a moment in UTC, or a local time with its zone."""
    if parameters.get("VALUE") == "DATE":
        return [] if DAY.fullmatch(value) else [f"not a date: {value}"]
    if not MOMENT.fullmatch(value):
        return [f"not a moment: {value}"]
    if value.endswith("Z") and "TZID" in parameters:
        return ["in UTC and in a zone"]
    return []


def event_wrong(event: Component) -> list[str]:
    """End and start, local times without a zone."""
    wrong = []
    if event.values("DTEND") and event.values("DURATION"):
        wrong.append("DTEND and DURATION")
    moments = {
        name: (given, value)
        for name, given, value in event.properties
        if name in {"DTSTART", "DTEND"}
    }
    for name, (given, value) in moments.items():
        if "T" in value and not value.endswith("Z") and "TZID" not in given:
            wrong.append(f"{name} floats: neither UTC nor a zone")
    if len(moments) == 2:
        (start_given, start), (end_given, end) = moments["DTSTART"], moments["DTEND"]
        if start_given.get("VALUE") != end_given.get("VALUE"):
            wrong.append("DTSTART and DTEND are of different types")
        elif start_given.get("TZID") == end_given.get("TZID") and end < start:
            wrong.append("ends before it starts")
    return wrong


def calendar_wrong(root: Component, *, feed: bool) -> list[str]:
    """What concerns the calendar as a whole: zones, UIDs, METHOD."""
    wrong = []
    if root.values("VERSION") != ["2.0"]:
        wrong.append("VERSION is not 2.0")
    if feed and root.values("METHOD"):
        wrong.append("a feed with METHOD")
    events = [component for component in root.children if component.name == "VEVENT"]
    zones = Counter(
        zone
        for child in root.children
        if child.name == "VTIMEZONE"
        for zone in child.values("TZID")
    )
    used = {
        given["TZID"]
        for event in events
        for _name, given, _value in event.properties
        if "TZID" in given
    }
    wrong += [f"no VTIMEZONE for {zone}" for zone in sorted(used - set(zones))]
    wrong += [f"VTIMEZONE {zone} is used by nothing" for zone in sorted(set(zones) - used)]
    wrong += [
        f"VTIMEZONE {zone} {count} times" for zone, count in sorted(zones.items()) if count > 1
    ]
    uids = Counter(
        "".join(event.values("UID")[:1] + event.values("RECURRENCE-ID")) for event in events
    )
    return wrong + [f"UID {uid} {count} times" for uid, count in sorted(uids.items()) if count > 1]

"""Scans, the rush, feeds and the public page, each beside its ceiling, on both databases, as a
table and as JSON.
"""

import argparse
import asyncio
import gc
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from core.clock import now
from tests.benchmarks import figures, mail
from tests.support.postgres import free_port, private_server
from tests.support.running import Answer, Program, folder, load, post, program, ready, request

API = "/api/v1"
Row = dict[str, Any]


def rate(answers: list[Answer], each: int = 1) -> float:
    """Things a second, over the whole run."""
    began = min(a.asked for a in answers)
    ended = max(a.asked + a.took for a in answers)
    return len(answers) * each / (ended - began)


def spread(answers: list[Answer]) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    took = sorted(a.took * 1000 for a in answers)
    return median(took), took[int(len(took) * 0.99)]


def row(
    engine: str,
    path: str,
    answers: list[Answer],
    ceiling: list[Answer] | None,
    bar: str,
    each: int = 1,
) -> Row:
    """One line of the table."""
    p50, p99 = spread(answers)
    found: Row = {
        "engine": engine,
        "path": path,
        "per_second": round(rate(answers, each)),
        "p50_ms": round(p50, 1),
    }
    found |= {"p99_ms": round(p99, 1), "ceiling_per_second": None, "ratio": None, "bar": bar}
    if ceiling:
        found["ceiling_per_second"] = round(rate(ceiling))
        found["ratio"] = round(rate(answers, each) / rate(ceiling), 2)
    return found


class Bench:
    """One engine's run."""

    def __init__(self, engine: str, served: Program, ceiling: int, token: str, size: float) -> None:
        self.engine, self.served, self.ceiling, self.token, self.size = (
            engine,
            served,
            ceiling,
            token,
            size,
        )
        self.rows: list[Row] = []

    def many(self, number: int) -> int:
        """A number of requests, scaled by the size asked for."""
        return max(64, int(number * self.size))

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API that must succeed."""
        raw = request(
            method,
            API + path,
            json.dumps(body or {}).encode(),
            self.token,
            Content_Type="application/json",
        )
        [answer] = await load(self.served.port, [raw], 1)
        assert answer.status in {200, 201, 204}, (answer.status, answer.body[:500])
        return json.loads(answer.body or b"null")

    async def event(self, **over: Any) -> str:
        """A published event that has begun half an hour ago."""
        begins = now() - timedelta(minutes=30)
        given = {
            "kind": "conference",
            "title": "Rush",
            "starts_at": begins.isoformat(),
            "open_to_public": True,
        }
        given["ends_at"] = (begins + timedelta(hours=8)).isoformat()
        made = await self.call("POST", f"/projects/{self.project}/events", {**given, **over})
        await self.call("POST", f"/events/{made['slug']}/publication")
        return str(made["slug"])

    async def run(self) -> list[Row]:
        """Everything, in turn: the ceiling right before what is held against it."""
        lead = {"name": "Bench", "country": "LV", "kind": "ngo"}
        given = {
            "code": f"BENCH-{uuid4().hex[:6]}",
            "title": "Bench",
            "timezone": "Europe/Riga",
            "languages": ["en"],
        }
        self.project = (
            await self.call("POST", "/projects", {**given, "lead": lead, "partners": []})
        )["slug"]
        await self.rush()
        await self.scans()
        await self.feed()
        await self.page()
        return self.rows

    async def rush(self) -> None:
        """5,000 people, 500 seats, 64 at once."""
        people = self.many(5000)
        seats = people // 10
        bodies = [
            {"name": f"Guest {n:05}", "email": f"guest{n}@example.org"} for n in range(people)
        ]
        plain = await load(self.ceiling, [post("/transaction", b) for b in bodies], 64)
        slug = await self.event(capacity=seats)
        path = f"{API}/events/{slug}/registrations"
        answers = await load(self.served.port, [post(path, b, self.token) for b in bodies], 64)
        assert {a.status for a in answers} == {201}, {a.status for a in answers}
        taken = sum(a.json["status"] == "confirmed" for a in answers)
        places = sorted(
            a.json["waiting_position"] for a in answers if a.json["status"] == "waiting"
        )
        assert taken == seats, f"{taken} confirmed for {seats} seats"
        assert len(places) == people - seats
        self.rows.append(row(self.engine, "registration, rush", answers, plain, "≥ 0.4"))

    async def scans(self) -> None:
        """One a request, then a hundred a request."""
        people = self.many(3000)
        slug = await self.event()
        path = f"{API}/events/{slug}/registrations"
        bodies = [
            {"name": f"Visitor {n:05}", "email": f"visitor{n}@example.org"} for n in range(people)
        ]
        made = await load(self.served.port, [post(path, b, self.token) for b in bodies], 32)
        tickets = [a.json["ticket"] for a in made]
        scan = f"{API}/events/{slug}/scans"
        plain = await load(
            self.ceiling,
            [post("/statement", [{"id": str(uuid4()), "ticket": t}]) for t in tickets],
            16,
        )
        single = [post(scan, [{"id": str(uuid4()), "ticket": t}], self.token) for t in tickets]
        answers = await load(self.served.port, single, 16)
        assert all(a.status == 200 and a.json[0]["result"] == "valid" for a in answers), answers[
            0
        ].body
        self.rows.append(
            row(self.engine, "scan, one a request", answers, plain, "≥ 0.6 and p99 ≤ 5 × p50")
        )
        batches = []
        for direction in ("out", "in", "out", "in"):
            random.shuffle(tickets)
            for start in range(0, len(tickets), 100):
                batch = [
                    {"id": str(uuid4()), "ticket": t, "direction": direction}
                    for t in tickets[start : start + 100]
                ]
                batches.append(post(scan, batch, self.token))
        answers = await load(self.served.port, batches, 4)
        assert all(a.status == 200 for a in answers), answers[0].body
        each = len(tickets) * 4 // len(batches)
        self.rows.append(
            row(self.engine, "scan, a hundred a request", answers, None, "≥ 10,000/s", each)
        )
        await self.back_online(tickets[:1000])

    async def back_online(self, tickets: list[str]) -> None:
        """A phone sends a thousand scans at once, again and again: what it let in, of whom some are
        in already.
        """
        slug = await self.event()
        path = f"{API}/events/{slug}/registrations"
        bodies = [
            {"name": f"Latecomer {n:05}", "email": f"latecomer{n}@example.org"}
            for n in range(len(tickets))
        ]
        made = await load(self.served.port, [post(path, b, self.token) for b in bodies], 32)
        at = (now() - timedelta(minutes=5)).isoformat()
        batches = []
        for direction in ("in", "out", "in", "in"):
            said = {
                "direction": direction,
                "scanned_at": at,
                "clock_offset_ms": 40,
                "admitted": True,
            }
            scans = [{"id": str(uuid4()), "ticket": a.json["ticket"], **said} for a in made]
            batches.append(post(f"{API}/events/{slug}/scans", scans, self.token))
        answers = await load(self.served.port, batches, 1)
        assert all(a.status == 200 for a in answers), answers[0].body
        self.rows.append(
            row(
                self.engine,
                f"scans kept by a phone, {len(made)} at once",
                answers,
                None,
                "≤ 1,000 ms",
            )
        )

    async def feed(self) -> None:
        """A feed of 500 sessions, unchanged and changed."""
        slug = await self.event(ends_at=(now() + timedelta(days=5)).isoformat())
        begins = now()
        bodies = []
        for n in range(500):
            starts = begins + timedelta(minutes=10 * n)
            times = {
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(minutes=10)).isoformat(),
            }
            bodies.append(
                post(
                    f"{API}/events/{slug}/sessions",
                    {"kind": "talk", "title": f"Talk {n}", **times},
                    self.token,
                )
            )
        assert {a.status for a in await load(self.served.port, bodies, 4)} == {201}
        [first] = await load(self.served.port, [request("GET", f"/e/{slug}.ics")], 1)
        tag = await self.etag(slug)
        count = self.many(4000)
        plain = await load(self.ceiling, [request("GET", "/bare")] * count, 16)
        await asyncio.sleep(0.1)
        answers = await load(
            self.served.port, [request("GET", f"/e/{slug}.ics", If_None_Match=tag)] * count, 16
        )
        assert {a.status for a in answers} == {304}, {a.status for a in answers}
        self.rows.append(row(self.engine, "feed of 500, unchanged", answers, plain, "≥ 0.6"))
        await self.call("PATCH", f"/events/{slug}", {"place": "Elsewhere", "notify": False})
        words = ["-m", "tests.benchmarks.pings", str(self.served.port), "1.5", "/health"]
        pings = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=subprocess.PIPE)
        await asyncio.sleep(0.7)
        built = await load(self.served.port, [request("GET", f"/e/{slug}.ics")] * 20, 20)
        waited, _err = await pings.communicate()
        assert len({a.body for a in built}) == 1
        assert built[0].body != first.body
        found = row(
            self.engine, "feed of 500, changed, 20 at once", built, None, "others wait ≤ 20 ms"
        )
        found["others_wait_ms"] = round(float(waited), 1)
        self.rows.append(found)

    async def etag(self, slug: str) -> str:
        """The ETag of an event's feed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.served.port)
        writer.write(request("HEAD", f"/e/{slug}.ics"))
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
        return next(
            line.split(": ", 1)[1] for line in head.split("\r\n") if line.lower().startswith("etag")
        )

    async def page(self) -> None:
        """The public page of an event."""
        slug = await self.event()
        count = self.many(2000)
        await load(self.served.port, [request("GET", f"/e/{slug}")], 1)
        plain = await load(self.ceiling, [request("GET", "/page")] * count, 16)
        answers = await load(self.served.port, [request("GET", f"/e/{slug}")] * count, 16)
        assert {a.status for a in answers} == {200}
        self.rows.append(row(self.engine, "public event page", answers, plain, "≥ 0.5"))


@contextmanager
def ceiling(url: str) -> Iterator[int]:
    """The server of the ceilings."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.ceiling", str(port), url])
    try:
        ready(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def measured(engine: str, url: str, plain_url: str, size: float, workers: int) -> list[Row]:
    """One engine's rows. The ceiling has one process; so has the program, but for the rush on
    PostgreSQL if asked.
    """
    with (
        folder() as place,
        program(url, place, "--no-worker", "--workers", str(workers)) as served,
        ceiling(plain_url) as port,
    ):
        served.last_line("user", "add", "bench@example.org", "--admin")
        token = served.last_line("token", "add", "bench@example.org", "--name", "bench")
        return asyncio.run(Bench(engine, served, port, token, size).run())


def mails(size: float, *, signed: bool) -> Row:
    """Mail with its QR and .ics, rendered and delivered by one worker; the ceiling only
    delivers.
    """
    found = mail.rate(count=max(100, int(1000 * size)), signed=signed)
    path = "mail with DKIM, for a core" if signed else "mail, for a core"
    line: Row = {"engine": "SQLite", "path": path, "per_second": found["per_core_second"]}
    line |= {"p50_ms": found["ms_each"], "p99_ms": found["ms_each"]}
    return (
        line
        | {name: found[name] for name in ("ceiling_per_second", "ratio")}
        | {"bar": "≥ 150/s a core"}
    )


def show(rows: list[Row]) -> None:
    """The table."""
    print(
        f"{'engine':<11}{'path':<34}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'ceiling':>10}{'ratio':>7}  bar"
    )
    for r in rows:
        shown = r["ceiling_per_second"] or "", r["ratio"] if r["ratio"] is not None else ""
        tail = r["bar"] + (f" (waited {r['others_wait_ms']})" if "others_wait_ms" in r else "")
        figures = (
            f"{r['per_second']:>10}{r['p50_ms']:>9}{r['p99_ms']:>9}{shown[0]:>10}{shown[1]:>7}"
        )
        print(f"{r['engine']:<11}{r['path']:<34}{figures}  {tail}")


def main() -> None:
    """Measure, print the table, write the JSON."""
    words = argparse.ArgumentParser(prog="make bench")
    words.add_argument(
        "--size", type=float, default=1.0, help="share of the full number of requests"
    )
    words.add_argument("--engine", choices=["sqlite", "postgres"])
    words.add_argument("--workers", type=int, default=1, help="serving processes on PostgreSQL")
    words.add_argument(
        "--facts",
        type=int,
        default=0,
        help="attendance facts behind the figures, as 1000000; 0: none",
    )
    words.add_argument("--json", type=Path, default=Path("reports/bench.json"))
    given = words.parse_args()
    gc.disable()  # of the client: only the servers are measured
    rows: list[Row] = []
    if given.engine != "sqlite":
        with private_server() as server:
            url = server.create_database()
            rows += measured("PostgreSQL", url, server.create_database(), given.size, given.workers)
            if given.facts:
                rows += figures.rows("PostgreSQL", server.create_database(), given.facts)
    if given.engine != "postgres":
        with folder() as place:
            rows += measured(
                "SQLite", f"sqlite://{place}/bench.db", f"sqlite://{place}/plain.db", given.size, 1
            )
            if given.facts:
                rows += figures.rows("SQLite", f"sqlite://{place}/figures.db", given.facts)
    rows += [mails(given.size, signed=signed) for signed in (False, True)]
    show(rows)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False))
    print(f"\nAs JSON: {given.json}")


if __name__ == "__main__":
    main()

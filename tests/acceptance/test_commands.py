"""The commands: exit codes, last lines, refusals, and a copy that another engine takes."""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx

from core import ROOT
from tests.acceptance.outside import Api, Outside, at, unique
from tests.support.postgres import Server, free_port
from tests.support.running import program

Ran = subprocess.CompletedProcess[str]


def run(env: dict[str, str], *words: str, folder: Path | None = None, **settings: str) -> Ran:
    """A command to its end."""
    more = {f"VIESIS_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "viesis", *words],
        env={**env, **more},
        cwd=folder or ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def refused(ran: Ran, *words: str) -> None:
    """It said why in one line, and no traceback."""
    assert ran.returncode != 0, ran.stdout
    lines = (ran.stdout + ran.stderr).strip().splitlines()
    assert len(lines) == 1, ran.stdout + ran.stderr
    for word in words:
        assert word in lines[0], lines


def test_links_and_tokens_are_the_last_line_alone(outside: Outside) -> None:
    link = outside.program.last_line("user", "add", f"{unique()}@example.org")
    assert re.fullmatch(re.escape(outside.program.url) + r"/\S+", link)
    with httpx.Client(base_url=outside.program.url) as browser:
        assert browser.get(link, follow_redirects=True).status_code == 200
    token = outside.program.last_line("token", "add", "admin@example.org", "--name", "another")
    assert re.fullmatch(r"\S{20,}", token)
    Api(outside.api.http, token).get("/projects")


def test_check_lists_every_setting(outside: Outside) -> None:
    ran = run(outside.program.env, "check")
    assert ran.returncode == 0, ran.stdout
    settings = (
        "DATABASE_URL BASE_URL SECRET_KEY SMTP_URL MAIL_FROM TIMEZONE "
        "TRUSTED_PROXIES DATA_DIR PRIVATE_KEYS LIMITS"
    )
    for name in settings.split():
        assert f"VIESIS_{name}" in ran.stdout
    for part in ("database", "mail", "clock", "disk"):
        assert re.search(rf"(?mi)^{part}\s+ok", ran.stdout), ran.stdout
    assert outside.program.env["VIESIS_SECRET_KEY"] not in ran.stdout


def test_recount_finds_what_differs(outside: Outside) -> None:
    event = outside.project().event(at(-3, 9))
    event.here(event.people(1))
    event.attendance()
    url = outside.program.env["VIESIS_DATABASE_URL"]
    # named by its event, not the newest: the program goes on counting what other tests left
    wrong = f"""UPDATE attendance SET minutes = minutes {{}} 1
        WHERE event_id = (SELECT id FROM event WHERE slug = '{event.slug}')"""
    execute(url, wrong.format("+"))
    ran = run(outside.program.env, "recount")
    execute(url, wrong.format("-"))
    assert ran.returncode == 1, ran.stdout + ran.stderr
    again = run(outside.program.env, "recount")
    assert again.returncode == 0, again.stdout


def execute(url: str, statement: str) -> None:
    """Change the database behind the program's back."""
    if url.startswith("sqlite://"):
        with sqlite3.connect(url.removeprefix("sqlite://"), timeout=20) as connection:
            connection.execute(statement)
        return

    async def change() -> None:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, change()).result()


def test_projects_are_imported_once(outside: Outside) -> None:
    file = str(ROOT / "demo" / "projects.toml")
    given = tomllib.loads(Path(file).read_text("utf-8"))["project"]
    found = []
    for _time in range(2):
        assert run(outside.program.env, "import", "projects", file).returncode == 0
        found.append(
            [
                p
                for p in outside.api.get("/projects?limit=500")
                if p["code"] in {g["code"] for g in given}
            ]
        )
    assert found[0] == found[1]
    assert [p["code"] for p in found[0]] == [g["code"] for g in given]
    for one, said in zip(found[0], given, strict=True):
        assert one["languages"] == said["languages"]
        indicators = outside.api.get(f"/projects/{one['slug']}/indicators?limit=500")
        assert len(indicators) == len(said["indicator"])


def test_only_one_serves_and_works_on_sqlite(outside: Outside) -> None:
    if outside.engine == "postgres":
        assert outside.api.http.get("/health").status_code == 200
        return
    with ThreadPoolExecutor(3) as pool:
        ways = [
            ("serve", "--port", str(free_port())),
            ("serve", "--workers", "2", "--port", str(free_port())),
            ("worker",),
        ]
        for ran in pool.map(lambda words: run(outside.program.env, *words), ways):
            refused(ran)


WRONG = {
    "database_url": "mysql://here/there",
    "smtp_url": "smtp://mail:port",
    "timezone": "Mars/Base",
    "limits": "perhaps",
}


def test_a_wrong_setting_stops_the_start_with_one_line(outside: Outside, tmp_path: Path) -> None:
    if outside.engine == "postgres":
        return
    env = {k: v for k, v in os.environ.items() if not k.startswith("VIESIS_")} | {
        "PYTHONPATH": str(ROOT)
    }
    env |= {
        "VIESIS_DATABASE_URL": f"sqlite://{tmp_path / 'x.db'}",
        "VIESIS_SECRET_KEY": "x" * 40,
        "VIESIS_DATA_DIR": str(tmp_path),
    }
    with ThreadPoolExecutor(3) as pool:
        ran = pool.map(
            lambda one: (
                one[0],
                run(env, "serve", "--port", "0", folder=tmp_path, **{one[0]: one[1]}),
            ),
            WRONG.items(),
        )
        for name, answer in ran:
            refused(answer, f"VIESIS_{name.upper()}")


def test_a_database_of_another_time_is_refused(outside: Outside, tmp_path: Path) -> None:
    if outside.engine == "postgres":
        return
    source = outside.program.env["VIESIS_DATABASE_URL"].removeprefix("sqlite://")
    older = "DELETE FROM tortoise_migrations WHERE id = (SELECT max(id) FROM tortoise_migrations)"
    newer = (
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "SELECT app, '9999_later', applied_at FROM tortoise_migrations LIMIT 1"
    )
    ways = {"older": (older, "viesis migrate"), "newer": (newer, "newer")}
    with ThreadPoolExecutor(2) as pool:
        todo = []
        for name, (change, said) in ways.items():
            copy = tmp_path / f"{name}.db"
            with sqlite3.connect(source) as there, sqlite3.connect(copy) as here:
                there.backup(here)
                here.execute(change)
            words = ("serve", "--port", str(free_port()))
            todo.append(
                (
                    pool.submit(run, outside.program.env, *words, database_url=f"sqlite://{copy}"),
                    said,
                )
            )
        for ran, said in todo:
            refused(ran.result(), said)


def test_a_backup_while_serving_goes_to_the_other_engine(
    outside: Outside, tmp_path: Path, postgres: Server
) -> None:
    project = outside.project()
    project.shipped("PEOPLE", "HOURS-P")
    event = project.event(at(-3, 9), title={"en": "Streets", "lv": "Ielas"})
    event.here(event.people(3, organisation={"name": "Rīga", "country": "LV"}))
    asked = [
        event.path,
        f"{event.path}/registrations",
        f"{event.path}/attendance",
        f"/projects/{project.slug}/indicators",
    ]
    before = [outside.api.get(path) for path in asked]
    file = tmp_path / "copy.zip"
    other = project.event(at(-2, 9))
    gone = other.register("Gone Tomorrow", email="gone@example.org")
    outside.program.command("backup", str(file))
    origin = {"Origin": outside.program.url}
    assert httpx.post(f"{gone['manage_url']}/erase", headers=origin, timeout=30).status_code == 200
    (tmp_path / "erased.jsonl").write_bytes(
        (Path(outside.program.env["VIESIS_DATA_DIR"]) / "erased.jsonl").read_bytes()
    )
    url = (
        f"sqlite://{tmp_path / 'other.db'}"
        if outside.engine == "postgres"
        else postgres.create_database()
    )
    ran = run(outside.program.env, "restore", str(file), database_url=url, data_dir=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert "Erased again: 1," in ran.stdout
    with (
        program(url, tmp_path, "--no-worker") as running,
        httpx.Client(base_url=running.url, timeout=30) as http,
    ):
        api = Api(http, outside.api.token)
        after = [api.get(path) for path in asked]
        assert json.loads(json.dumps(after).replace(running.url, outside.program.url)) == before
        assert "Gone Tomorrow" not in json.dumps(api.get(f"{other.path}/registrations"))
        again = api.post(
            f"{event.path}/registrations", {"name": "New One", "email": "new@example.org"}
        )
        assert again["id"] not in {one["id"] for one in before[1]}

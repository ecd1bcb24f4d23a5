"""What compose.yaml, the Dockerfile and the proxy name is there: services, ports, variables, paths,
commands.
"""

import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import click
import pytest
import yaml

from core.settings import Settings
from viesis.cli import main

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "viesis"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "deploy" / "example.env").read_text(encoding="utf-8").splitlines()
    if "=" in line and not line.startswith("#")
)


def commands() -> list[list[str]]:
    """Every command line of ours: in compose.yaml and in the Dockerfile."""
    found = [SERVICES[name]["command"] for name in OURS]
    return [
        *found,
        *(yaml.safe_load(line) for line in re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)),
    ]


def test_the_services() -> None:
    assert set(SERVICES) == {"migrate", "app", "worker", "proxy", "database", "mail"}
    assert OURS == ["migrate", "app", "worker"]
    assert SERVICES["app"]["deploy"] == {"replicas": 2}


def test_what_a_service_depends_on_is_one() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert set(service["networks"]) <= set(COMPOSE["networks"])


@pytest.mark.parametrize("line", commands(), ids=" ".join)
def test_every_command_and_option_is_one_of_ours(line: list[str]) -> None:
    program, name, *options = line
    assert program == "viesis"
    command = cast("click.Group", main).commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {option for option in options if option.startswith("-")} <= known


def test_every_setting_is_one_of_ours() -> None:
    known = {f"VIESIS_{name.upper()}" for name in Settings.model_fields}
    for text in (COMPOSE_TEXT, DOCKERFILE, "\n".join(EXAMPLE)):
        assert set(re.findall(r"VIESIS_[A-Z_]+", text)) <= known


def test_every_variable_is_in_the_example() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT)) | {"COMPOSE_PROFILES"} == set(EXAMPLE)
    assert EXAMPLE["COMPOSE_PROFILES"] in SERVICES["mail"]["profiles"]
    assert re.findall(r"\{\$([A-Z_]+)", CADDYFILE) == list(SERVICES["proxy"]["environment"])


def test_the_ports_meet() -> None:
    serve = SERVICES["app"]["command"]
    port = serve[serve.index("--port") + 1]
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [port]
    assert re.findall(r"http://127\.0\.0\.1:(\d+)/health", DOCKERFILE) == [port]
    assert re.findall(r"dynamic a (\w+) (\d+)", CADDYFILE) == [("app", port)]


def test_database_and_mail_are_where_the_settings_say() -> None:
    settings = SERVICES["app"]["environment"]
    database = urlsplit(re.sub(r"\$\{[^}]*\}", "secret", settings["VIESIS_DATABASE_URL"]))
    given = SERVICES["database"]["environment"]
    assert (database.hostname, database.port) == ("database", 5432)
    assert (database.username, database.path) == (
        given["POSTGRES_USER"],
        f"/{given['POSTGRES_DB']}",
    )
    mail = urlsplit(EXAMPLE["VIESIS_SMTP_URL"])
    # 1025 and 8025 are mailpit's own.
    assert (mail.hostname, mail.port, SERVICES["mail"]["ports"]) == (
        "mail",
        1025,
        ["127.0.0.1:8025:8025"],
    )


def test_the_proxy_is_believed_by_its_network() -> None:
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert SERVICES["app"]["environment"]["VIESIS_TRUSTED_PROXIES"] == network["subnet"]
    assert "inside" in SERVICES["proxy"]["networks"]


def test_every_path_is_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (
                (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
            )
    allowed = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    assert [name for name in allowed if not (ROOT / name).exists()] == []
    assert any(fnmatch("requirements.lock", name) for name in allowed)
    assert "VIESIS_DATA_DIR=/data" in DOCKERFILE
    assert all("uploads:/data" in SERVICES[name]["volumes"] for name in OURS)


def test_the_image_does_not_run_as_root_and_says_how_it_is() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (\w+)$", last, re.MULTILINE) == ["viesis"]
    assert "HEALTHCHECK" in last
    assert [name for name in OURS if SERVICES[name].get("healthcheck") == {"disable": True}] == [
        "migrate",
        "worker",
    ]


def test_compose_itself_accepts_the_file(tmp_path: Path) -> None:
    """Asked of whichever compose is on this machine; all of the above is checked without one."""
    filled = tmp_path / "env"
    filled.write_text("".join(f"{name}={value or 'secret'}\n" for name, value in EXAMPLE.items()))
    for command in found():
        arguments = [
            "--env-file",
            str(filled),
            "--file",
            str(ROOT / "compose.yaml"),
            "config",
            "--services",
        ]
        ran = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=60, check=True
        )
        assert set(ran.stdout.split()) == set(SERVICES)


def found() -> list[list[str]]:
    """The plugin and the older program, those that are here."""
    candidates = [["docker", "compose"], ["docker-compose"]]
    here = [command for command in candidates if shutil.which(command[0])]
    return [
        c
        for c in here
        if subprocess.run([*c, "version"], capture_output=True, check=False).returncode == 0
    ]

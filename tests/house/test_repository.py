"""What the repository itself promises: locks, the wheel, vendored files, catalogues, the commands
of make.
"""

import gettext
import io
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CATALOGUES = runpy.run_path(str(ROOT / "scripts" / "catalogues.py"))

RUN = "from viesis.cli import main; main(['--help'])"


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    return {
        canonicalize_name(package): version
        for package, version in re.findall(r"^(\S+)==([^\s;]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        (
            "requirements-dev.lock",
            PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
        ),
    ],
)
def test_the_lock_has_what_the_project_wants(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    requirements = [Requirement(text) for text in wanted]
    assert [
        str(r)
        for r in requirements
        if versions.get(canonicalize_name(r.name), "0") not in r.specifier
    ] == []


def test_the_two_locks_agree() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_the_vendored_files_are_those_of_their_checksums() -> None:
    subprocess.run([sys.executable, "scripts/vendor.py", "--check"], cwd=ROOT, check=True)


def test_every_make_target_is_described_and_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"run", "test", "check", "bench", "faults"} <= set(
        re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"make {name}" in readme for name in ("run", "test"))


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", [1, 0, 1, 1, 1, 1]),
        ("lt", [2, 0, 1, 2, 2, 0]),
        ("lv", [0, 1, 2, 0, 0, 1]),
        ("nb", [1, 0, 1, 1, 1, 1]),
    ],
)
def test_plural_forms(language: str, forms: list[int]) -> None:
    rule = CATALOGUES["PLURALS"][language].partition("plural=")[2].rstrip(";")
    form = gettext.c2py(rule)  # what gettext itself reads the header with
    assert [form(n) for n in (0, 1, 2, 10, 11, 21)] == forms


def test_sentences_of_a_program_are_found() -> None:
    source = b"""a = _("%(n)s seat", "%(n)s seats", n=n)\nb = _("Full: %(who)s", who=who)\nc = Lazy("Gone")"""
    found = [
        tuple(one)[1:3]
        for one in CATALOGUES["lazy"](io.BytesIO(source), CATALOGUES["KEYWORDS"], (), {})
    ]
    assert found == [
        ("ngettext", ("%(n)s seat", "%(n)s seats")),
        ("gettext", "Full: %(who)s"),
        ("gettext", "Gone"),
    ]


def test_the_wheel_carries_all_and_runs_on_its_own(tmp_path: Path) -> None:
    """Built from what git would hand to a stranger: sources only."""
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(tmp_path),
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("viesis-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    kinds = {
        (path.relative_to(site).parts[0], path.suffix) for path in site.rglob("*") if path.is_file()
    }
    packages = {
        "viesis",
        "indicators",
        "checkin",
        "registrations",
        "events",
        "accounts",
        "notifications",
        "core",
    }
    assert {(name, ".py") for name in packages} <= kinds
    assert {
        ("templates", ".html"),
        ("static", ".css"),
        ("locales", ".mo"),
        ("migrations", ".py"),
    } <= kinds
    assert not {kind for kind in kinds if kind[1] in {".po", ".pot", ".pyc"}}
    assert (site / "demo" / "projects.toml").exists()
    # -P and the path: the packages come from the wheel, what they need from this environment.
    program = f"import sys; sys.path.insert(0, {str(site)!r}); import core; print(core.ROOT); {RUN}"
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines()[0] == str(site)
    assert "demo" in ran.stdout


def test_what_a_switched_off_machine_left_of_a_postgresql_is_swept(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (tmp_path / "left" / "data").mkdir(parents=True)
        (tmp_path / "left" / "data" / "postmaster.pid").write_text(f"{bystander.pid}\n")
        postgres.remove(tmp_path / "left")
        assert bystander.poll() is None, "the number was somebody else's by now"
        bystander.kill()
    assert not (tmp_path / "left").exists()

"""Every template compiles, keeps to the content security policy, and names only icons and
components that exist.
"""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from core import ROOT
from core.http.pages import environment

FOLDER = ROOT / "templates"
ALL = sorted(FOLDER.rglob("*.html"))
PAGES = [path for path in ALL if "mails" not in path.relative_to(FOLDER).parts]
COMPONENTS = sorted((FOLDER / "components").glob("*.html"))
SPRITE = set(
    re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/vendor/lucide.svg").read_text("utf-8"))
)
FORBIDDEN = {
    "inline style": r"<style\b|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:|hx-on",
    "htmx attribute without data-": r"(?<![-\w])hx-[a-z]",
    "inherited htmx attribute, which does not validate": r"data-hx-[a-z-]+:",
}


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def words(path: Path) -> str:
    """The template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_compiles(path: Path) -> None:
    environment().get_template(name(path))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_it_keeps_to_the_content_security_policy(path: Path) -> None:
    assert {what for what, pattern in FORBIDDEN.items() if re.search(pattern, words(path))} == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_its_icons_exist(path: Path) -> None:
    assert set(re.findall(r"icon\('([a-z0-9-]+)'", words(path))) - SPRITE == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_is_one_macro_named_as_its_file(path: Path) -> None:
    tree = environment().parse(path.read_text("utf-8"))
    assert [macro.name for macro in tree.find_all(nodes.Macro)] == [path.stem]


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_says_what_it_is_for(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{#")

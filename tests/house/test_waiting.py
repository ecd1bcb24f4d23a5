"""Tests wait for what must happen, never for a time in which it should have: on a busy machine the
time is too short, on an idle one it is lost.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SLEEPS = {"sleep", "wait_for_timeout"}
TOOLS = {"benchmarks", "faults"}
"""Programs, not tests: they keep a pace, and break things at odd moments."""

REASONS = {
    "browser/offline/test_changes.py slow": "a slow line: the seconds are what is tested",
    "core/http/test_idempotency.py make": "work that lasts, so that others ask meanwhile",
    "registrations/placing/test_register.py look_then_take": "room for others between two steps",
    "viesis/test_worker.py work": "work that lasts, so that others ask meanwhile",
}


def fixed_sleeps(code: str) -> list[str]:
    """The functions that sleep for a fixed time. A sleep between two looks at a condition, in a
    loop, is none, nor is `sleep(0)`, which lets others go on.
    """
    return list(_within(ast.parse(code), "module", looping=False))


def _within(node: ast.AST, function: str, *, looping: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            name = getattr(child, "name", function)
            yield from _within(child, name, looping=False)
            continue
        if isinstance(child, ast.Call) and _sleeps(child, looping=looping):
            yield function
        yield from _within(child, function, looping=looping or _looks(child))


def _looks(node: ast.AST) -> bool:
    """Whether this goes round until something is so: a loop that can end early."""
    if isinstance(node, ast.While):
        return True
    return isinstance(node, ast.For) and any(
        isinstance(inner, ast.Break | ast.Return) for inner in ast.walk(node)
    )


def _sleeps(call: ast.Call, *, looping: bool) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in SLEEPS or not call.args:
        return False
    nothing = isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return not nothing and (name == "wait_for_timeout" or not looping)


def test_no_test_sleeps_for_a_fixed_time() -> None:
    found = {
        f"{path.relative_to(TESTS).as_posix()} {function}"
        for path in TESTS.rglob("*.py")
        if path.relative_to(TESTS).parts[0] not in TOOLS
        for function in fixed_sleeps(path.read_text(encoding="utf-8"))
    }
    assert found == set(REASONS)


def test_control_what_is_a_fixed_sleep() -> None:
    code = """
async def fixed(): await asyncio.sleep(1)
async def repeated():
    for _ in range(3): time.sleep(1)
async def page(): await bob.page.wait_for_timeout(10)
async def in_a_loop():
    while not there(): await page.wait_for_timeout(10)
async def looks():
    while not there(): await asyncio.sleep(0.1)
async def looks_a_hundred_times():
    for _ in range(100):
        if there(): break
        await asyncio.sleep(0.1)
async def lets_go_on(): await asyncio.sleep(0)
"""
    assert fixed_sleeps(code) == ["fixed", "repeated", "page", "in_a_loop"]

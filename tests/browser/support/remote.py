"""Firefox and WebKit, driven by the commands of WebDriver: a small set of tests runs in them too.

Both are the system's own. Firefox listens to Marionette, which it carries itself, so no driver has
to be fetched; WebKit (WebKitGTK's MiniBrowser) has a driver of its own and a screen that nobody
sees.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.support.postgres import free_port

STARTING = 60.0
"""Seconds for a browser to come up, on a busy machine."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls the number of an element."""

PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#no",
    "intl.accept_languages": "en-GB",
    "security.sandbox.content.level": 0,
}
"""Of a Firefox that asks nobody but the program under test."""


class Failed(Exception):  # noqa: N818 - what WebDriver calls an error
    """A command that the browser refused: WebDriver's word for it, and its sentence."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class Wire(Protocol):
    """Takes one command to a browser."""

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """The value of the answer. Raises Failed."""


class Remote:
    """A window of such a browser."""

    def __init__(self, name: str, wire: Wire) -> None:
        self.name, self.wire = name, wire

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is there."""
        self.wire.send("Navigate", {"url": url})

    def reload(self) -> None:
        """Load the page again, as a person does: Firefox's own command for it leaves service
        workers out.
        """
        self.run("window.old = true; setTimeout(() => location.reload(), 0)")
        self.wait("return !window.old && document.readyState === 'complete'")

    def run(self, script: str, *values: Any) -> Any:
        """What the body of a function answers in the page; `arguments` are the values."""
        return self.wire.send(
            "ExecuteScript", {"script": script, "args": list(values), "sandbox": None}
        )

    def wait(self, script: str, *values: Any, seconds: float = 20) -> Any:
        """Until the body of a function answers something true; answers it. Shows the page when it
        does not.
        """
        ends = time.monotonic() + seconds
        while True:
            with suppress(Failed):  # the page may just be changing
                if found := self.run(script, *values):
                    return found
            if time.monotonic() > ends:
                shown = self.run("return location.href + '\\n' + document.body.innerText")
                raise AssertionError(f"{self.name} waited for {script} {values}\n{shown}")
            time.sleep(0.05)

    def sees(self, *words: str, where: str = "body", seconds: float = 20) -> None:
        """Wait until all these words are shown there."""
        script = (
            "const [where, words] = arguments, at = document.querySelector(where);"
            "return at && at.getClientRects().length && words.every(word => at.innerText.includes(word))"
        )
        self.wait(script, where, list(words), seconds=seconds)

    def click(self, selector: str) -> None:
        """Press what the selector names, once it is shown: by the browser's own pointer."""
        self.wait(
            "const e = document.querySelector(arguments[0]); return e && e.getClientRects().length",
            selector,
        )
        self.wire.send("ElementClick", {"id": self._element(selector)})

    def type(self, selector: str, text: str) -> None:
        """Empty a field and type into it."""
        self.wait("return document.querySelector(arguments[0])", selector)
        number = self._element(selector)
        self.wire.send("ElementClear", {"id": number})
        self.wire.send("ElementSendKeys", {"id": number, "text": text})

    def _element(self, selector: str) -> str:
        found = self.wire.send("FindElement", {"using": "css selector", "value": selector})
        return str(
            found.get("value", found)[ELEMENT]
            if isinstance(found.get("value"), dict)
            else found[ELEMENT]
        )


class Marionette:
    """Firefox's own wire: each message is its length, a colon, and a list in JSON."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), STARTING)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._read()

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """As Wire; `WebDriver:` is put before the command unless it has a family of its own."""
        self._number += 1
        name = command if ":" in command else f"WebDriver:{command}"
        body = json.dumps([0, self._number, name, given]).encode()
        self._socket.sendall(b"%d:%s" % (len(body), body))
        _kind, _number, error, answer = self._read()
        if error:
            raise Failed(error["error"], error["message"])
        return answer["value"] if isinstance(answer, dict) and set(answer) == {"value"} else answer

    def _read(self) -> Any:
        digits = b""
        while (one := self._file.read(1)) != b":":
            if not one:
                raise ConnectionResetError("Firefox has gone")
            digits += one
        return json.loads(self._file.read(int(digits)))

    def close(self) -> None:
        """Say goodbye."""
        self._file.close()
        self._socket.close()


class Http:
    """WebDriver over HTTP, as WebKit's driver speaks it."""

    PATHS = {
        "Navigate": "url",
        "ExecuteScript": "execute/sync",
        "FindElement": "element",
        "ElementClick": "element/{id}/click",
        "ElementClear": "element/{id}/clear",
        "ElementSendKeys": "element/{id}/value",
    }

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=STARTING)
        made = self._post("/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._session = f"/session/{made['sessionId']}"

    def send(self, command: str, given: dict[str, Any]) -> Any:
        """As Wire."""
        values = {name: value for name, value in given.items() if name not in {"id", "sandbox"}}
        return self._post(f"{self._session}/{self.PATHS[command].format(**given)}", values)

    def _post(self, path: str, values: dict[str, Any]) -> Any:
        answer = self._http.post(path, json=values).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise Failed(answer["error"], answer.get("message", ""))
        return answer

    def close(self) -> None:
        """End the session: its browser closes."""
        with suppress(httpx.HTTPError):
            self._http.delete(self._session)
        self._http.close()


def firefox_binary() -> str | None:
    """The system's Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def webkit_binaries() -> tuple[str, str] | None:
    """WebKit's driver and its browser; both and a screen must be there."""
    browsers = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    driver = shutil.which("WebKitWebDriver")
    return (driver, str(browsers[-1])) if driver and browsers and shutil.which("Xvfb") else None


@contextmanager
def firefox(folder: Path) -> Iterator[Remote]:
    """A Firefox without a window, with a profile in this folder."""
    found = firefox_binary()
    assert found, "Firefox is not on this machine: apt install firefox-esr"
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in PREFERENCES.items()
    ]
    (folder / "user.js").write_text("\n".join(lines))
    command = [found, "--headless", "--no-remote", "--marionette", "--profile", str(folder)]
    own = {"HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with _process(command, folder / "firefox.log", own) as process:
        port = int(_until((folder / "MarionetteActivePort").read_text, process))
        wire = Marionette(port)
        wire.send("NewSession", {"strictFileInteractability": True})
        yield Remote("Firefox", wire)
        wire.close()


@contextmanager
def webkit(folder: Path) -> Iterator[Remote]:
    """A WebKitGTK MiniBrowser on a screen that nobody sees, with its data in this folder."""
    found = webkit_binaries()
    assert found, "WebKit is not on this machine: apt install webkit2gtk-driver xvfb"
    driver, browser = found
    numbers, tell = os.pipe()
    screen = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with _process(screen, folder / "screen.log", {}, tell):
        os.close(tell)
        with os.fdopen(numbers) as file:
            display = f":{file.readline().strip()}"
        port = free_port()
        # WebKit's own sandbox needs namespaces that containers do not give.
        own = {
            "DISPLAY": display,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "GDK_BACKEND": "x11",
        }
        own |= {
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
            "LANGUAGE": "en_GB",
            "LANG": "C.UTF-8",
        }
        with _process(
            [driver, "--host=127.0.0.1", f"--port={port}"], folder / "webkit.log", own
        ) as process:
            _until(lambda: httpx.get(f"http://127.0.0.1:{port}/status", timeout=5), process)
            options = {"binary": browser, "args": ["--automation", "--ignore-tls-errors"]}
            wire = Http(port, {"webkitgtk:browserOptions": options})
            try:
                yield Remote("WebKit", wire)
            finally:
                wire.close()


@contextmanager
def _process(
    command: list[str], log: Path, env: dict[str, str], *pass_fds: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process in a group of its own, which is ended with all its children."""
    with log.open("ab") as out:
        surroundings = {**os.environ, **env}
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            env=surroundings,
            pass_fds=pass_fds,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _until(ask: Any, process: "subprocess.Popen[bytes]") -> Any:
    """What `ask` answers once it does."""
    ends = time.monotonic() + STARTING
    while True:
        try:
            if found := ask():
                return found
        except (OSError, httpx.TransportError):
            if process.poll() is not None or time.monotonic() > ends:
                raise
        time.sleep(0.05)


def missing() -> list[str]:
    """Those that are not on this machine and that whoever runs the tests cannot bring:
    scripts/bring.sh said so.
    """
    if os.environ.get("CI") or os.getuid() == 0:
        return []
    found = {"firefox": firefox_binary(), "webkit": webkit_binaries()}
    return [name for name, there in found.items() if not there]

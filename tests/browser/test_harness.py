"""The browser of the tests sees what is wrong with a page, and its camera reads codes with the
decoder we ship.
"""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.browser import axe, qr_film
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive

ROOT = Path(__file__).resolve().parents[2]
CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'"

GOOD = """<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1><p>Text</p></main></html>"""
BAD = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1><img src="/gone.png"></main>
<script>document.title = "never"</script></html>"""
DOOR = """<!doctype html><html lang="en"><title>Door</title><main><h1>Door</h1><video muted playsinline></video>
<output></output></main><script src="/door.js" type="module"></script></html>"""

DOOR_JS = """
const worker = new Worker("/reader.js", {type: "module"});
const video = document.querySelector("video");
video.srcObject = await navigator.mediaDevices.getUserMedia({video: {width: 1280, height: 720}});
await video.play();
const look = async () => worker.postMessage(await createImageBitmap(video));
worker.onmessage = ({data}) => {
  for (const text of data) document.querySelector("output").textContent = text;
  look();
};
look();
"""
READER_JS = """
import {BarcodeDetector, prepareZXingModule} from "/static/vendor/barcode-detector/ponyfill.js";
prepareZXingModule({overrides: {locateFile: name => `/static/vendor/barcode-detector/${name}`}});
const detector = new BarcodeDetector({formats: ["qr_code"]});
onmessage = async ({data}) => postMessage((await detector.detect(data)).map(code => code.rawValue));
"""

PAGES = {
    "/good": ("text/html", GOOD),
    "/bad": ("text/html", BAD),
    "/door": ("text/html", DOOR),
    "/door.js": ("text/javascript", DOOR_JS),
    "/reader.js": ("text/javascript", READER_JS),
}


class Pages(SimpleHTTPRequestHandler):
    """The pages above, and the files of static/."""

    def do_GET(self) -> None:  # http.server looks for this name
        if self.path not in PAGES:
            super().do_GET()
            return
        kind, text = PAGES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_what: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(ROOT))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_a_good_page_passes(visitor: Arrive, site: str) -> None:
    charlie = await visitor(base_url=site)
    await charlie.page.goto("/good")
    await axe(charlie.page)
    assert charlie.problems == []


async def test_a_missing_file_and_a_broken_policy_are_seen(visitor: Arrive, site: str) -> None:
    charlie = await visitor(base_url=site)
    await charlie.page.goto("/bad")
    with pytest.raises(AssertionError, match="image-alt"):
        await axe(charlie.page)
    charlie.expect("no such problem")
    with pytest.raises(AssertionError, match=r"404 GET .*gone\.png"):
        await charlie.leaves()
    assert any("policy violated: script-src" in problem for problem in charlie.problems)
    charlie.problems.clear()


async def test_the_validator_finds_what_is_wrong(nu: Nu) -> None:
    assert await nu.complaints(GOOD) == []
    (complaint,) = await nu.complaints(GOOD.replace("<p>Text</p>", "<p hx-get=x>Text</p>"))
    assert "hx-get" in complaint


async def test_the_camera_reads_a_code(filming: Arrive, site: str, tmp_path: Path) -> None:
    bob = await filming(film=qr_film(tmp_path / "door.mjpeg", "0123456789ABCDEF"), base_url=site)
    await bob.page.goto("/door")
    await bob.page.wait_for_function(
        "() => document.querySelector('output').textContent === '0123456789ABCDEF'"
    )

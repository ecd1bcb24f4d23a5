"""Which Chromium, and how it is started. `python -m tests.browser.support.chromium` ends with 0 if
there is one.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Browser, Playwright
from playwright.sync_api import sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine can be reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def executable() -> str | None:
    """The system's Chromium, or None: then Playwright's own."""
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


async def launch(playwright: Playwright, film: Path | None = None) -> Browser:
    """Start a browser; its camera, if it is to have one, plays `film` (MJPEG or Y4M) over and
    over.
    """
    camera = (*CAMERA, f"--use-file-for-fake-video-capture={film}") if film else ()
    return await playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, *camera])


def there() -> bool:
    """Whether a Chromium is here that runs: a command may be there that only says how to get
    one.
    """
    if found := executable():
        asked = subprocess.run([found, "--version"], capture_output=True, timeout=60, check=False)
        return asked.returncode == 0
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


if __name__ == "__main__":
    sys.exit(0 if there() else 1)

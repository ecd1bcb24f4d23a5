"""One person's browser window, which remembers all that went wrong in it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
)

Device = Literal["phone", "desktop"]
Scheme = Literal["light", "dark"]

DEVICES: dict[Device, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}

# Said by the page itself, so that violations in frames and of report-only policies are not missed.
TELL = """addEventListener("securitypolicyviolation", e =>
    console.error(`policy violated: ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"""


@dataclass
class Visitor:
    """A window with its own cookies. `problems` is what nobody should see but for what a test said
    to `expect`.
    """

    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    async def arrives(
        cls,
        browser: Browser,
        *,
        device: Device = "phone",
        locale: str = "en-GB",
        timezone: str = "Europe/Riga",
        scheme: Scheme = "light",
        javascript: bool = True,
        base_url: str | None = None,
        **more: Any,
    ) -> "Visitor":
        """Open a window. `base_url` lets `page.goto("/e/…")` do without the host; `more` goes to
        Playwright.
        """
        context = await browser.new_context(
            **{**DEVICES[device], **more},
            locale=locale,
            timezone_id=timezone,
            color_scheme=scheme,
            java_script_enabled=javascript,
            base_url=base_url,
        )
        await context.add_init_script(TELL)
        visitor = cls(context, await context.new_page())
        context.on("console", visitor._said)
        context.on("weberror", visitor._failed)
        context.on("response", visitor._answered)
        return visitor

    def expect(self, pattern: str) -> None:
        """What matches this is meant to happen."""
        self.expected.append(pattern)

    async def leaves(self) -> None:
        """Close the window; fail if anything went wrong in it."""
        await self.context.close()
        left = [
            p for p in self.problems if not any(re.search(pattern, p) for pattern in self.expected)
        ]
        assert left == [], "\n".join(left)

    def _said(self, message: ConsoleMessage) -> None:
        # What a server answered is judged by `_answered`; what the network lost is the test's own
        # doing.
        if message.type in {"error", "warning"} and not message.text.startswith(
            "Failed to load resource"
        ):
            self.problems.append(f"{message.type}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.problems.append(f"exception: {error.error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and not asked(response.request)):
            self.problems.append(f"{response.status} {response.request.method} {response.url}")


def asked(request: Request) -> bool:
    """A page, or what a script asked for: those may be refused. A file that a page needs may not be
    missing.
    """
    return request.resource_type in {"document", "fetch", "xhr"}


Arrive = Callable[..., Awaitable[Visitor]]
"""What opens a window."""

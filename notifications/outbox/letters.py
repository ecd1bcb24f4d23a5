"""Letters: for each kind of mail a builder, registered with `@letter`, and a folder of templates.

templates/mails/KIND/ holds subject.txt, body.txt and body.html. Values are plain text: HTML escapes
them, and no value is ever a template or a format.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

import css_inline

from core import settings
from core.http.pages import templates
from core.i18n import language, speaking
from core.text import clean
from notifications.outbox import mime
from notifications.outbox.dkim_signature import signed
from notifications.outbox.message import Message
from notifications.outbox.mime import Attachment

LOGO = "logo"
BLANK = "•••••"
LARGEST = 7 * 2**20
"""Bytes that all attachments may have: 10 MB on the way, which every server takes."""

_SECRET = re.compile(r"\bvs[a-z]_[\w\-]{12,}")
"""The secrets of addresses: core.tokens gives each kind a prefix."""
_GAPS = re.compile(r"\n{3,}")
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Letterhead:
    """Who writes: a project, or the installation when nothing is given. `accent` is `#rrggbb` or
    empty.
    """

    name: str = ""
    url: str = ""
    statement: str = ""
    reply_to: str = ""
    accent: str = ""
    logo: Attachment | None = None


Sending = Callable[[], Awaitable[bool]]
"""Awaited just before a mail is handed over, to note what it means for its matter. False: that is
over, withdraw it.
"""


@dataclass
class Letter:
    """What a builder gives: the values of its templates, and what goes along.

    `due` False: the matter is over (shown in a preview, withdrawn instead of sent). `secrets` are
    blanked in previews. `list_id` names the event or project for mail filters. `project` may stand
    for a letterhead: anything with `name`, `url`, `statement_text`.
    """

    context: dict[str, Any] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    head: Letterhead | None = None
    reply_to: str = ""
    list_id: str = ""
    due: bool = True
    secrets: tuple[str, ...] = ()
    project: Any = None
    stop_url: str = ""
    """Where its reader stops mails of this kind; empty for what one must know."""
    own_subject: str = ""
    own_text: str = ""
    own_html: str = ""
    """An organiser's words instead of our subject and opening; the HTML is safe
    (notifications.outbox.markdown).
    """
    sending: Sending | None = None

    def letterhead(self) -> Letterhead:
        """The one given, or one made from `project`."""
        if self.head or not self.project:
            return self.head or Letterhead()
        project = self.project
        reply_to, accent = getattr(project, "contact_email", ""), getattr(project, "accent", "")
        return Letterhead(project.name, project.url, project.statement_text, reply_to, accent)


@dataclass(frozen=True)
class Rendered:
    """A mail written out: as sent, or `blanked` for whoever looks at it."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    sender: str = ""
    reply_to: str = ""
    list_id: str = ""
    secrets: tuple[str, ...] = ()
    stop_url: str = ""
    sending: Sending | None = None

    def mime(self, message: Message) -> bytes:
        """The whole mail, for this message's recipient, with its Message-ID."""
        own_name, own_address = parseaddr(settings.get().mail_from)
        domain = own_address.rpartition("@")[2]
        headers = [
            ("Date", mime.date()),
            ("From", mime.address(self.sender or own_name, own_address)),
            ("To", mime.address(message.to_name, message.to_email)),
            ("Subject", mime.words(self.subject)),
            ("Message-ID", message.message_id),
            ("Reply-To", mime.address(self.sender, self.reply_to) if self.reply_to else ""),
            ("List-Id", f"<{self.list_id}.{domain}>" if self.list_id else ""),
            ("List-Unsubscribe", f"<{self.stop_url}>" if self.stop_url else ""),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if self.stop_url else ""),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
        ]
        return signed(mime.mail(headers, self.text, self.html, self.attachments), domain)

    def blanked(self) -> "Rendered":
        """The same without secrets: for organisers' eyes."""
        text, html = self._hidden(self.text), self._hidden(self.html)
        return replace(self, subject=self.shown_subject, text=text, html=html)

    @property
    def shown_subject(self) -> str:
        """The subject as lists show it: without secrets."""
        return self._hidden(self.subject)

    def _hidden(self, value: str) -> str:
        for secret in filter(None, self.secrets):
            value = value.replace(secret, BLANK)
        return blanked(value)


Builder = Callable[[Message], Awaitable[Letter | None]]

_builders: dict[str, Builder] = {}
_names: dict[str, Any] = {}


def letter(kind: str, name: Any = "") -> Callable[[Builder], Builder]:
    """Register the builder of a kind of mail; `name` is what pages call it (a translatable
    sentence).
    """

    def register(build: Builder) -> Builder:
        _builders[kind] = build
        _names[kind] = name or kind
        return build

    return register


def kinds() -> dict[str, Any]:
    """Every kind of mail and its name."""
    return dict(_names)


async def render(message: Message, *, preview: bool = False) -> Rendered | None:
    """Write a mail in its reader's language. None: its matter is over, or gone; a preview shows
    what is merely over.
    """
    with speaking(message.language):
        made = await _builders[message.kind](message)
        if made is None or not (made.due or preview):
            return None
        return written(message.kind, message.to_name, made)


def written(kind: str, to_name: str, made: Letter) -> Rendered:
    """The three parts of a letter, in the current language."""
    head = made.letterhead()
    secrets = made.secrets
    reply_to = made.reply_to or head.reply_to
    context = {
        "to_name": clean(to_name),
        "reply_to": reply_to,
        "head": head,
        "logo": f"cid:{LOGO}" if head.logo else "",
        "base_url": settings.get().base_url,
        "lang": language(),
        "event": None,
        "stop_url": made.stop_url,
        "stop_words": "",
        "own_text": made.own_text,
        "own_html": made.own_html,
        **made.context,
    }
    subject = clean(made.own_subject or _template(kind, "subject.txt").render(context))
    context["subject"] = subject
    text = _GAPS.sub("\n\n", _template(kind, "body.txt").render(context)).strip() + "\n"
    html = _INLINER.inline(_template(kind, "body.html").render(context))
    attachments = _light(
        [*([replace(head.logo, inline=LOGO)] if head.logo else []), *made.attachments]
    )
    rest = (head.name, reply_to, made.list_id, secrets, made.stop_url, made.sending)
    return Rendered(subject, text, html, tuple(attachments), *rest)


def _light(attachments: list[Attachment]) -> list[Attachment]:
    """Without those that would make a mail too large for many a server: they are on the person's
    page all the same.
    """
    kept, left = list[Attachment](), LARGEST
    for one in sorted(attachments, key=lambda a: (not a.inline, len(a.data))):
        if len(one.data) <= left:
            kept.append(one)
            left -= len(one.data)
    return [a for a in attachments if a in kept]


def blanked(value: str) -> str:
    """A text with the secrets of its addresses made unreadable."""
    return _SECRET.sub(BLANK, value)


@lru_cache(maxsize=256)
def _template(kind: str, part: str) -> Any:
    return templates.get_template(f"mails/{kind}/{part}")

"""The e-mails of accounts: a link to sign in, an invitation to a project."""

from typing import Any

from accounts.management.invitations import Invitation
from accounts.management.sign_ins import SignIn, link_secret, link_url
from accounts.users.roles import ROLE_WORDS
from core import settings
from core.clock import now
from core.http.pages import safe_next
from core.i18n import _, fmt
from notifications.outbox.letters import Letter, letter
from notifications.outbox.message import Message


@letter("sign_in", _("Link to sign in"))
async def sign_in(message: Message) -> Letter | None:
    """A link, while it works."""
    found = await SignIn.get_or_none(id=int(str(message.about["sign_in"])))
    if not found:
        return None
    back = safe_next(str(message.about.get("next", "")), "")
    url = link_url(link_secret(str(message.about["nonce"]))) + (
        f"?next={_quoted(back)}" if back else ""
    )
    context = {"url": url, "until": fmt.time(found.expires_at, settings.get().timezone)}
    return Letter(context, due=not found.used_at and found.expires_at > now())


@letter("invitation", _("Invitation to a project's team"))
async def invitation(message: Message) -> Letter | None:
    """An invitation, while it stands."""
    found = await Invitation.get_or_none(id=int(str(message.about["invitation"]))).prefetch_related(
        "project"
    )
    if not found:
        return None
    project: Any = found.project
    context = {
        "url": found.url,
        "project": project,
        "role": ROLE_WORDS[found.role],
        "inviter": str(message.about.get("inviter", "")),
        "until": fmt.date(found.expires_at, project.timezone),
    }
    due = found.open and found.generation == message.about["generation"]
    return Letter(context, due=due, project=project)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("&", "%26").replace("#", "%23").replace("+", "%2B")

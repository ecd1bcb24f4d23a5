"""Mail that came back: delivery reports (RFC 3464) to the envelope sender that each mail has of its
own.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.message import Message as Part

from core.clock import now
from core.db import atomic
from core.text import clean
from notifications.delivery.failures import kind
from notifications.incoming.server import mailbox
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Attempt, Message


@dataclass(frozen=True)
class Report:
    """What a report says of the recipient. `action`: failed, delayed, delivered, relayed or
    expanded.
    """

    action: str
    status: str
    answer: str


def reports(mail: EmailMessage) -> list[Report]:
    """The recipients' groups of a delivery report; empty for any other mail, such as one from a
    person on holiday.
    """
    found = list[Report]()
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        found += (
            [r for group in groups if (r := _report(group))] if isinstance(groups, list) else []
        )
    return found


def _report(group: object) -> Report | None:
    if not isinstance(group, Part) or not group.get("Action"):
        return None
    said = clean(
        str(group.get("Diagnostic-Code", "")).partition(";")[2]
        or str(group.get("Diagnostic-Code", ""))
    )
    status = clean(str(group.get("Status", "")).partition("(")[0])[:20]
    return Report(
        clean(str(group["Action"])).casefold(),
        status,
        said if status in said else f"{status} {said}".strip(),
    )


@mailbox("bounce")
@atomic
async def returned(identity: int, mail: EmailMessage) -> None:
    """A report about one mail: failed marks it and its address, delayed is noted, anything else is
    left alone.
    """
    message = await Message.get_or_none(id=identity)
    if not message:
        return
    for report in reports(mail):
        answer = report.answer[:2000]
        if report.action == "failed":
            permanent = 550 if report.status.startswith("5") else 450
            failure = kind("recipient", permanent, answer)
            failure = "refused_address" if failure == "server_down" else failure
            await Message.filter(id=identity, state__in=("sending", "sent", "bounced")).update(
                state="bounced", failure=failure, answer=answer, lease_ends_at=None
            )
            await Attempt.create(message_id=identity, at=now(), outcome="bounced", answer=answer)
            if failure != "rejected_content":
                await Bounce.seen(message.scope, message.to_email, failure, answer)
        elif report.action == "delayed":
            await Attempt.create(
                message_id=identity, at=now(), outcome="server_down", answer=answer
            )

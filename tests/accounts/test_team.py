"""Alice manages a project and invites Bob to the door; Charlie, of another project, sees none of
it.
"""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from accounts.management.invitations import Invitation
from accounts.sessions.sessions import WebSession
from accounts.users.roles import Role
from accounts.users.users import User
from core.clock import travelled
from events.projects.projects import Project
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from tests.support import factories


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Project:
    """A project that Alice manages; she is signed in."""
    made = await factories.project(slug="bridges")
    alice = await factories.organiser(made, "alice@example.org", "manager")
    await factories.sign_in(client, alice)
    return made


async def send(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data={"csrf": factories.csrf(client), **form})


async def invite(
    client: httpx.AsyncClient, email: str, role: str = "door", **form: str
) -> httpx.Response:
    return await send(client, "/desk/p/bridges/team/invitations", email=email, role=role, **form)


async def link() -> str:
    """The link in the newest invitation's mail."""
    message = await Message.filter(kind="invitation").order_by("-id").first()
    assert message
    written = await render(message)
    assert written
    assert "Supported by Norway Grants." in written.text
    (found,) = set(re.findall(r"http://127\.0\.0\.1:8000(/desk/join/\S+)", written.text))
    assert found in written.html
    return str(found)


async def join(client: httpx.AsyncClient, address: str, **form: str) -> httpx.Response:
    await client.get(address)
    return await send(client, address, **form)


async def test_bob_is_invited_and_joins(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    assert (await invite(client, "bob@example.org", language="lv")).status_code == 303
    message = await Message.get(kind="invitation")
    assert (message.to_email, message.language, message.scope) == (
        "bob@example.org",
        "lv",
        project.id,
    )
    page = await client.get("/desk/p/bridges/team")
    assert "bob@example.org gets an e-mail with a link." in page.text
    await Message.filter(id=message.id).update(language="en")
    address = await link()
    shown = await other.get(address)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert "Check-in" in shown.text
    assert await User.filter(email="bob@example.org").count() == 0
    assert (await join(other, address)).status_code == 422
    joined = await join(other, address, name="Bob")
    assert (joined.status_code, joined.headers["location"]) == (303, "/desk/p/bridges")
    bob = await User.get(email="bob@example.org")
    assert (await Role.get(user_id=bob.id)).role == "door"
    assert (await other.get("/desk/account")).status_code == 200
    assert (await join(other, address, name="Bob")).status_code == 410
    assert await render(await Message.get()) is None


async def test_who_has_an_account_joins_and_signs_in_as_ever(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    bob = await factories.user("bob@example.org", name="Bob")
    await invite(client, "bob@example.org")
    joined = await join(other, await link())
    assert joined.headers["location"] == "/desk/sign-in?next=/desk/p/bridges"
    assert await WebSession.filter(user_id=bob.id).count() == 0
    assert (await Role.get(user_id=bob.id)).role == "door"


async def test_who_is_signed_in_joins_at_once(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    await factories.sign_in(other, await factories.user("bob@example.org"))
    await invite(client, "bob@example.org")
    assert (await join(other, await link())).headers["location"] == "/desk/p/bridges"


async def test_an_invitation_mailed_again_replaces_the_first(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    await invite(client, "bob@example.org", "door")
    first = await link()
    await invite(client, "Bob@example.org", "organiser")
    second = await link()
    assert first != second
    assert (await other.get(first)).status_code == 410
    await join(other, second, name="Bob")
    assert (await Role.get(user__email="bob@example.org")).role == "organiser"
    assert await Invitation.all().count() == 1
    assert [await render(m) for m in await Message.all()] == [None, None]


async def test_an_invitation_ends(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    await invite(client, "bob@example.org")
    address = await link()
    with travelled(timedelta(days=14, minutes=1)):
        assert (await other.get(address)).status_code == 410
    invitation = await Invitation.get()
    revoke = f"/desk/p/bridges/team/invitations/{invitation.id}/revoke"
    assert (await send(client, revoke)).status_code == 303
    assert (await other.get(address)).status_code == 410
    assert "is taken back" in (await client.get("/desk/p/bridges/team")).text
    assert "bob@example.org" not in (await client.get("/desk/p/bridges/team")).text


async def test_who_is_in_the_team_is_not_invited(
    client: httpx.AsyncClient, project: Project
) -> None:
    answer = await invite(client, "alice@example.org")
    assert answer.status_code == 422
    assert "is in the team already" in answer.text
    for email, role in (("nobody", "door"), ("bob@example.org", "admin"), ("bob@example.org", "")):
        assert (await invite(client, email, role)).status_code == 422
    assert await Message.all().count() == 0


async def test_roles_change_and_end(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    bob = await factories.organiser(project, "bob@example.org", "viewer")
    role = await Role.get(user_id=bob.id)
    await factories.sign_in(other, bob)
    assert (await other.get("/desk/p/bridges/team")).status_code == 403
    assert (
        await send(client, f"/desk/p/bridges/team/{role.id}/change", role="manager")
    ).status_code == 303
    assert (await other.get("/desk/p/bridges/team")).status_code == 200
    assert (
        await send(client, f"/desk/p/bridges/team/{role.id}/change", role="king")
    ).status_code == 422
    assert (await send(client, f"/desk/p/bridges/team/{role.id}/remove")).status_code == 303
    assert (await other.get("/desk/p/bridges/team")).status_code == 404


async def test_the_last_manager_stays(client: httpx.AsyncClient, project: Project) -> None:
    role = await Role.get()
    for path, form in (("change", {"role": "viewer"}), ("remove", {})):
        answer = await send(client, f"/desk/p/bridges/team/{role.id}/{path}", **form)
        assert answer.status_code == 409
        assert "at least one manager" in answer.text
    assert (await Role.get()).role == "manager"


async def test_another_projects_roles_are_not_there(
    client: httpx.AsyncClient, project: Project
) -> None:
    others = await factories.project(slug="others")
    charlie = await factories.organiser(others, "charlie@example.org", "manager")
    role = await Role.get(user_id=charlie.id)
    for path in (f"bridges/team/{role.id}/remove", f"others/team/{role.id}/remove"):
        assert (await send(client, f"/desk/p/{path}")).status_code == 404
    for path in ("others/team", "others/log"):
        assert (await client.get(f"/desk/p/{path}")).status_code == 404
    assert await Role.filter(id=role.id).exists()


async def test_the_log_tells_in_sentences(client: httpx.AsyncClient, project: Project) -> None:
    await invite(client, "bob@example.org")
    others = await factories.project(slug="others")
    await AuditEntry.create(
        at=others.created_at, project_id=others.id, actor="charlie", action="event.created"
    )
    page = (await client.get("/desk/p/bridges/log")).text
    assert "Invited someone to the team" in page
    assert "alice@example.org" in page
    assert "charlie" not in page


async def test_the_log_goes_back_page_by_page(client: httpx.AsyncClient, project: Project) -> None:
    for n in range(230):
        given: dict[str, Any] = {
            "at": project.created_at,
            "project_id": project.id,
            "action": "event.changed",
        }
        await AuditEntry.create(
            **given, actor=f"actor-{n:03}", changed=["title", "starts_at", "seats_taken"]
        )
    seen: list[str] = []
    path: str | None = "/desk/p/bridges/log"
    while path:
        page = (await client.get(path)).text
        seen += re.findall(r"actor-\d+", page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"/desk/p/bridges/log{more[1]}" if more else None
    assert seen == [f"actor-{n:03}" for n in reversed(range(230))]
    assert "title, beginning, and more" in page

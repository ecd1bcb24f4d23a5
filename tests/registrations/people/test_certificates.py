"""Certificates: for those who were there, once it is over; looked up by their number."""

from datetime import timedelta

import httpx

from core.clock import now, travelled
from core.db import execute
from registrations.form.entry import Entry
from registrations.people.certificates import Certificate
from registrations.placing.register import place
from tests.support import factories


async def test_a_certificate_for_who_was_there(client: httpx.AsyncClient) -> None:
    event = await factories.event(await factories.project())
    entry = Entry(
        name='Čārlijs "#eval(1)" Bērziņš', email="c@example.org", organisation_name="Rīgas dome"
    )
    made, _new = await place(event, entry, source="web", language="lv")
    path = f"/r/{made.secret}/certificate.pdf"
    assert (await client.get(path)).status_code == 404
    with travelled(timedelta(days=12)):
        assert (await client.get(path)).status_code == 404
        await execute(
            "INSERT INTO attendance (project_id, event_id, registration_id, unit, day, starts_at, first_at, minutes, "
            "methods, signed) VALUES ($1::bigint, $2::bigint, $3::bigint, 'day', $4::date, $5::timestamptz, "
            "$5::timestamptz, 480, '[]', FALSE)",
            *(event.project_id, event.id, made.id, event.starts_at.date(), event.starts_at),
        )
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF")
        assert (await client.get(path)).status_code == 200
        assert "certificate.pdf" in (await client.get(f"/r/{made.secret}")).text
    found = await Certificate.get()
    assert found.issued_at > now()
    page = await client.get(f"/verify/{found.shown.lower()}")
    assert (page.status_code, "Bērziņš" in page.text, "8.00 hours" in page.text) == (
        200,
        True,
        True,
    )
    assert (await client.get("/verify/0000-0000-0000")).status_code == 404

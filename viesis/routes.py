"""Every router of the program, in the order in which addresses are tried."""

from fastapi import APIRouter

from accounts.desk import account as account_desk
from accounts.desk import administration
from accounts.web import sign_in as account_pages
from checkin.api import checkin as checkin_calls
from checkin.api import phone
from checkin.desk import leaving, papers, scans
from checkin.desk import live as door_desk
from checkin.web import phone as door_pages
from events.api import events as event_calls
from events.api import projects, sessions
from events.desk import (
    event,
    materials,
    outbox,
    programme,
    programme_file,
    project,
    series,
    settings,
    team,
)
from events.web import appearance, events, schedule
from events.web import feeds as event_feeds
from indicators.api import indicators as indicator_calls
from indicators.desk import figures as indicator_desk
from indicators.desk import periods, rules
from registrations.api import duplicates
from registrations.api import registrations as registration_calls
from registrations.desk import compose, export, form, invitations, messages, person, wordings
from registrations.desk import duplicates as desk_duplicates
from registrations.desk import people as people_desk
from registrations.web import certificates, mine, unsubscribe
from registrations.web import feeds as registration_feeds
from registrations.web import materials as pages_materials
from registrations.web import register as registration_pages
from viesis.desk import home, notice_preview, overview
from viesis.web import api_docs, health

ROUTERS: list[APIRouter] = [
    health.router,
    api_docs.router,
    account_pages.router,
    account_desk.router,
    administration.router,
    # before the pages: `/e/{event}` would take `/e/x.ics`
    event_feeds.router,
    registration_feeds.router,
    projects.router,
    event_calls.router,
    sessions.router,
    registration_calls.router,
    registration_pages.router,
    mine.router,
    pages_materials.router,
    unsubscribe.router,
    certificates.router,
    indicator_calls.router,
    duplicates.router,
    checkin_calls.router,
    door_pages.router,
    phone.router,
    door_desk.router,
    scans.router,
    leaving.router,
    papers.router,
    schedule.router,
    appearance.router,
    events.router,
    # before the project: `/desk/p/{project}` would take `/desk/p/new`
    settings.router,
    project.router,
    event.router,
    materials.router,
    # before the programme: `/programme/{session}` would take `/programme/import`
    programme_file.router,
    programme.router,
    series.router,
    team.router,
    rules.router,
    indicator_desk.router,
    periods.router,
    desk_duplicates.router,
    people_desk.router,
    export.router,
    person.router,
    form.router,
    home.router,
    overview.router,
    notice_preview.router,
    outbox.router,
    messages.router,
    compose.router,
    wordings.router,
    invitations.router,
]

SHORT = [checkin_calls.hot, registration_calls.hot, event_feeds.hot, events.hot]
"""Those of their addresses that thousands ask for at once (viesis/fast_routes.py), in the order of
trying them.
"""

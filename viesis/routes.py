"""Every router of the program, in the order in which addresses are tried."""

from fastapi import APIRouter

from accounts import desk as account_desk
from accounts import desk_admin
from accounts import pages as account_pages
from checkin import api as checkin_calls
from checkin import desk as door_desk
from checkin import desk_leaving, desk_papers, desk_scans, phone
from checkin import pages as door_pages
from events import api as event_calls
from events import (
    api_projects,
    api_sessions,
    desk,
    desk_agenda,
    desk_event,
    desk_materials,
    desk_outbox,
    desk_programme,
    desk_series,
    desk_settings,
    desk_team,
    pages,
    pages_agenda,
    pages_files,
)
from events import pages_feeds as event_feeds
from indicators import api as indicator_calls
from indicators import desk as indicator_desk
from indicators import desk_periods, desk_rules
from registrations import api as registration_calls
from registrations import (
    api_duplicates,
    desk_duplicates,
    desk_export,
    desk_form,
    desk_invitations,
    desk_messages,
    desk_person,
    desk_words,
    desk_writing,
    pages_certificates,
    pages_materials,
    pages_mine,
    pages_stopping,
)
from registrations import desk as people_desk
from registrations import pages as registration_pages
from registrations import pages_feeds as registration_feeds
from viesis import docs, home, machines, overview, telling

ROUTERS: list[APIRouter] = [
    machines.router,
    docs.router,
    account_pages.router,
    account_desk.router,
    desk_admin.router,
    # before the pages: `/e/{event}` would take `/e/x.ics`
    event_feeds.router,
    registration_feeds.router,
    api_projects.router,
    event_calls.router,
    api_sessions.router,
    registration_calls.router,
    registration_pages.router,
    pages_mine.router,
    pages_materials.router,
    pages_stopping.router,
    pages_certificates.router,
    indicator_calls.router,
    api_duplicates.router,
    checkin_calls.router,
    door_pages.router,
    phone.router,
    door_desk.router,
    desk_scans.router,
    desk_leaving.router,
    desk_papers.router,
    pages_agenda.router,
    pages_files.router,
    pages.router,
    # before the project: `/desk/p/{project}` would take `/desk/p/new`
    desk_settings.router,
    desk.router,
    desk_event.router,
    desk_materials.router,
    # before the programme: `/programme/{session}` would take `/programme/import`
    desk_agenda.router,
    desk_programme.router,
    desk_series.router,
    desk_team.router,
    desk_rules.router,
    indicator_desk.router,
    desk_periods.router,
    desk_duplicates.router,
    people_desk.router,
    desk_export.router,
    desk_person.router,
    desk_form.router,
    home.router,
    overview.router,
    telling.router,
    desk_outbox.router,
    desk_messages.router,
    desk_writing.router,
    desk_words.router,
    desk_invitations.router,
]

SHORT = [checkin_calls.hot, registration_calls.hot, event_feeds.hot, pages.hot]
"""Those of their addresses that thousands ask for at once (viesis/shortcuts.py), in the order of trying them."""

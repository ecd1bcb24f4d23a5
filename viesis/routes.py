"""Every router of the program, in the order in which addresses are tried."""

from fastapi import APIRouter

from checkin import api as checkin_calls
from events import desk, desk_event, desk_programme, pages, pages_files
from events import pages_feeds as event_feeds
from registrations import api as registration_calls
from registrations import pages_feeds as registration_feeds
from viesis import home, machines, overview, telling

ROUTERS: list[APIRouter] = [
    machines.router,
    # before the pages: `/e/{event}` would take `/e/x.ics`
    event_feeds.router,
    registration_feeds.router,
    registration_calls.router,
    checkin_calls.router,
    pages_files.router,
    pages.router,
    desk.router,
    desk_event.router,
    desk_programme.router,
    home.router,
    overview.router,
    telling.router,
]

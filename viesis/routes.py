"""Every router of the program, in the order in which addresses are tried."""

from fastapi import APIRouter

from events import pages_feeds as event_feeds
from registrations import pages_feeds as registration_feeds
from viesis import machines

ROUTERS: list[APIRouter] = [
    machines.router,
    # before the pages: `/e/{event}` would take `/e/x.ics`
    event_feeds.router,
    registration_feeds.router,
]

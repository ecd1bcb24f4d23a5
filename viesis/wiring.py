"""Every signal and who listens, in order; and every module that registers mails.

A package may not import one that stands above it. Where it must cause something there, it calls
the functions in a list of its own, a signal, in the transaction of the verb. This module fills
those lists, in one order for the app, the worker and the commands: importing it is enough.
"""

from typing import TypeVar

from accounts.management import letters as account_letters
from checkin.attendance.attendance import attendees, days_attended
from checkin.attendance.settlement import mark_registration, mark_unsettled
from checkin.phone.devices import extend
from checkin.review.papers import forget_of
from checkin.review.verbs import forget_reasons
from checkin.scanning.scanner import forget_event
from events.event.event import event_moved, seats_freed
from events.event.notices import event_changed
from events.programme.copies import event_copied
from events.projects.toml_file import indicators_given
from indicators.report.project_files import bring
from notifications.incoming import delivery_reports
from registrations.calendar import replies
from registrations.calendar.invites import rescheduled
from registrations.form.questions import copy_questions
from registrations.mail import invitations, letters
from registrations.mail.notices import tell_of
from registrations.people.erasure import registrations_erased
from registrations.registration.attendance import (
    attendance_sources,
    attendee_sources,
    choices_changed,
)
from registrations.registration.waiting_list import offer_freed_seats

L = TypeVar("L")

MAIL_MODULES = (account_letters, letters, invitations, replies, delivery_reports)
"""What registers itself when it is imported: kinds of mail (`@letter`), and addresses that mail
comes back to (`@mailbox`).
"""


def _connect(signal: list[L], *listeners: L) -> None:
    signal[:] = listeners


_connect(event_changed, tell_of)
_connect(event_moved, rescheduled, forget_event, mark_unsettled, extend)
_connect(event_copied, copy_questions)
_connect(seats_freed, offer_freed_seats)
_connect(choices_changed, mark_registration)
_connect(attendance_sources, days_attended)
_connect(attendee_sources, attendees)
_connect(registrations_erased, forget_of, forget_reasons)
_connect(indicators_given, bring)

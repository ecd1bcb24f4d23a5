"""Every mail of the program: importing this registers the letters of all packages."""

from accounts import letters as accounts_letters
from notifications import returned
from notifications.letters import kinds
from registrations import calendar_replies as registrations_replies
from registrations import invitations as registrations_invitations
from registrations import letters as registrations_letters
from registrations import notices as registrations_notices

__all__ = [
    "accounts_letters",
    "kinds",
    "registrations_invitations",
    "registrations_letters",
    "registrations_notices",
    "registrations_replies",
    "returned",
]

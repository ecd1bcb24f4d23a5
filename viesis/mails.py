"""Every mail of the program: importing this registers the letters of all packages."""

from accounts.management import letters as accounts_letters
from notifications.incoming import delivery_reports
from notifications.outbox.letters import kinds
from registrations.calendar import replies as registrations_replies
from registrations.mail import invitations as registrations_invitations
from registrations.mail import letters as registrations_letters
from registrations.mail import notices as registrations_notices

__all__ = [
    "accounts_letters",
    "delivery_reports",
    "kinds",
    "registrations_invitations",
    "registrations_letters",
    "registrations_notices",
    "registrations_replies",
]

"""A mail house of its own: postfix takes mail in and hands it to dovecot, on free ports, from a
temporary folder.

Needs both installed, and root: postfix keeps its queue as a user of its own. Nothing of the
system's configuration is read or written.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.greylist import greylist
from tests.support.postgres import free_port
from tests.support.smtp import certified

MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup    unix  n  -  n  60    1  pickup
cleanup   unix  n  -  n  -     0  cleanup
qmgr      unix  n  -  n  300   1  qmgr
tlsmgr    unix  -  -  n  1000? 1  tlsmgr
rewrite   unix  -  -  n  -     -  trivial-rewrite
bounce    unix  -  -  n  -     0  bounce
defer     unix  -  -  n  -     0  bounce
trace     unix  -  -  n  -     0  bounce
verify    unix  -  -  n  -     1  verify
flush     unix  n  -  n  1000? 0  flush
proxymap  unix  -  -  n  -     -  proxymap
proxywrite unix -  -  n  -     1  proxymap
smtp      unix  -  -  n  -     -  smtp
relay     unix  -  -  n  -     -  smtp
showq     unix  n  -  n  -     -  showq
error     unix  -  -  n  -     -  error
retry     unix  -  -  n  -     -  error
discard   unix  -  -  n  -     -  discard
local     unix  -  n  n  -     -  local
virtual   unix  -  n  n  -     -  virtual
lmtp      unix  -  -  n  -     -  lmtp
anvil     unix  -  -  n  -     1  anvil
scache    unix  -  -  n  -     1  scache
postlog   unix-dgram n - n -   1  postlogd
"""
MAIN = """\
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {place}/postfix.log
maillog_file_prefixes = {place}
myhostname = mx.viesis.test
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
recipient_delimiter = +
message_size_limit = {largest}
smtpd_tls_cert_file = {place}/certificate.pem
smtpd_tls_key_file = {place}/key.pem
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
virtual_mailbox_domains = example.org, late.example
virtual_mailbox_maps = regexp:{place}/etc/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = regexp:{place}/etc/transport
smtpd_restriction_classes = asked_quota, asked_greylist
asked_quota = check_policy_service inet:127.0.0.1:{quota}
asked_greylist = check_policy_service inet:127.0.0.1:{grey}
smtpd_recipient_restrictions = check_recipient_access regexp:{place}/etc/asked, permit_mynetworks, reject
"""
MAILBOXES = """\
/^(bob|charlie|grey|full)@example\\.org$/ there
/@late\\.example$/ there
"""
ASKED = """\
/^full@example\\.org$/ asked_quota
/^grey@example\\.org$/ asked_greylist
"""
DOVECOT = """\
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:~/Maildir
mail_plugins = quota
passdb {{
  driver = passwd-file
  args = username_format=%u {place}/etc/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {place}/etc/users
}}
plugin {{
  quota = maildir:User quota
  quota_grace = 0
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = "452 4.2.2 Mailbox is full"
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service quota-status {{
  executable = /usr/lib/dovecot/quota-status -p postfix
  inet_listener {{
    port = {quota}
  }}
  client_limit = 1
}}
protocol lmtp {{
  mail_plugins = quota
}}
"""
PEOPLE = {
    "bob@example.org": "100M",
    "charlie@example.org": "100M",
    "grey@example.org": "100M",
    "full@example.org": "1k",
    "full@late.example": "1k",
}
"""Who has a mailbox, and how large it may become."""
LARGEST = 200_000
PASSWORD = "for-tests-only"


@dataclass(frozen=True)
class House:
    """Where it is: ports of this machine, and its folder with the logs."""

    place: Path
    smtp: int
    imap: int

    def mails(self, email: str, count: int, seconds: float = 60) -> list[bytes]:
        """The mails in somebody's inbox, over IMAP, as soon as there are so many. Raises
        TimeoutError.
        """
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = self._read(email)
            if len(found) >= count:
                return found
            time.sleep(0.5)
        raise TimeoutError(f"{email} has no {count} mails:\n{self.said()}")

    def _read(self, email: str) -> list[bytes]:
        with IMAP4("127.0.0.1", self.imap) as box:
            box.login(email, PASSWORD)
            box.select("INBOX", readonly=True)
            found = box.search(None, "ALL")[1][0].split()
            return [bytes(box.fetch(number.decode(), "(RFC822)")[1][0][1]) for number in found]  # type: ignore[index]  # a tuple of bytes, says RFC 3501

    def said(self) -> str:
        """The ends of both logs."""
        logs = [self.place / "postfix.log", self.place / "dovecot.log"]
        return "\n".join(log.read_text()[-3000:] for log in logs if log.exists())


def missing() -> str:
    """What it takes and is not here, in words; empty when it can be run."""
    if not (
        shutil.which("postfix")
        and shutil.which("dovecot")
        and Path("/usr/lib/dovecot/quota-status").exists()
    ):
        return "postfix and dovecot are not installed (apt install postfix dovecot-imapd dovecot-lmtpd)"
    return "" if os.geteuid() == 0 else "postfix runs as root only"


@contextmanager
def mail_house(returned_to: int) -> Iterator[House]:
    """Postfix and dovecot until the end of the block; mail to viesis+…@viesis.test goes by LMTP to
    that port.
    """
    with TemporaryDirectory(prefix="viesis-mail-") as name, greylist() as grey:
        place = Path(name)
        ports = {
            "smtp": free_port(),
            "imap": free_port(),
            "lmtp": free_port(),
            "quota": free_port(),
            "grey": grey,
        }
        _written(place, returned_to, ports)
        house = House(place, ports["smtp"], ports["imap"])
        dovecot, postfix = (
            ["dovecot", "-c", f"{name}/etc/dovecot.conf"],
            ["postfix", "-c", f"{name}/etc"],
        )
        try:
            _run(place, *dovecot)
            _run(place, *postfix, "start")
            for port in (house.smtp, house.imap):
                _answers(port)
            yield house
        finally:
            _run(place, *postfix, "stop")
            _run(place, "doveadm", *dovecot[1:], "stop")


def _written(place: Path, returned_to: int, ports: dict[str, int]) -> None:
    place.chmod(0o755)
    for folder in ("etc", "queue", "data", "mail"):
        (place / folder).mkdir()
    shutil.chown(place / "data", "postfix")
    shutil.chown(place / "mail", "nobody")
    given = {"place": place, "largest": LARGEST, **ports}
    users = [
        f"{email}:{{PLAIN}}{PASSWORD}:65534:65534::{place}/mail/{email}::userdb_quota_rule=*:storage={most}\n"
        for email, most in PEOPLE.items()
    ]
    for name, text in {
        "main.cf": MAIN.format(**given),
        "master.cf": MASTER.format(**given),
        "mailboxes": MAILBOXES,
        "asked": ASKED,
        "transport": f"/^viesis\\+.*@viesis\\.test$/ lmtp:inet:127.0.0.1:{returned_to}\n",
        "dovecot.conf": DOVECOT.format(**given),
        "users": "".join(users),
    }.items():
        (place / "etc" / name).write_text(text)
    certified(place)


def _run(place: Path, *words: str) -> None:
    said = place / "said.log"
    with said.open("ab") as out:
        # into a file: what stays in the background would keep a pipe open for ever
        done = subprocess.run(words, stdout=out, stderr=out, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {said.read_text()}"


def _answers(port: int, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as one:
                if one.recv(4):
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {port}")


if __name__ == "__main__":
    sys.exit(missing() or None)

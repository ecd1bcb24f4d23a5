"""A greylist, asked by postfix over its policy protocol: whoever comes for the first time is asked
to come again.
"""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = "action=450 4.2.0 Greylisted, please come again\n\n"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.known: set[tuple[str, str]] = set()


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Answer each question: lines of `name=value`, ended by an empty one."""
        server, given = self.server, dict[str, str]()
        assert isinstance(server, _Server)
        for raw in self.rfile:
            line = raw.decode().rstrip("\n")
            if line:
                name, _is, value = line.partition("=")
                given[name] = value
                continue
            who = given.get("client_address", ""), given.get("recipient", "")
            self.wfile.write(("action=dunno\n\n" if who in server.known else AGAIN).encode())
            server.known.add(who)
            given = {}


@contextmanager
def greylist() -> Iterator[int]:
    """One that has seen nobody yet; gives its port."""
    with _Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()

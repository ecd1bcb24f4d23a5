"""Requests one after the other for some seconds, in a process of their own: how long the longest
waited, in ms.

Run as `python -m tests.benchmarks.pings PORT SECONDS PATH`.
"""

import gc
import socket
import sys
import time


def longest(port: int, seconds: float, path: str) -> float:
    """Over one connection that is kept open."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    found, ends = 0.0, time.monotonic() + seconds
    gc.disable()
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < ends:
            began = time.monotonic()
            one.sendall(asked)
            assert b" 200 " in _answer(one)
            found = max(found, time.monotonic() - began)
            time.sleep(0.001)
    return found * 1000


def _answer(one: socket.socket) -> bytes:
    """The head of one answer, with its body taken in."""
    head, end, body = b"", b"", b""
    while not end:
        head += one.recv(65536)
        head, end, body = head.partition(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < size:
        body += one.recv(65536)
    return head


if __name__ == "__main__":
    print(longest(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]))

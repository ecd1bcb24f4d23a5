"""The parent of `viesis serve`: keeps its children, restarts one that dies, stops them all when
told to.

Only the standard library: it stays small, and nothing that can break a node can break it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time


class Child:
    """A process by its number: forked before this program took the parent's place, or started by
    it.
    """

    def __init__(self, number: int) -> None:
        self.number, self.since, self.ended = number, time.monotonic(), False
        self.code = 0

    def lives(self) -> bool:
        """Whether it has not ended."""
        if not self.ended:
            number, status = os.waitpid(self.number, os.WNOHANG)
            if number:
                self.ended, self.code = True, os.waitstatus_to_exitcode(status)
        return not self.ended

    def tell(self, number: int) -> None:
        """Send it a signal."""
        if self.lives():
            os.kill(self.number, number)


class Parent:
    """Children by their command line; each inherits the listening socket. `later` is begun when a
    child asks for it.
    """

    def __init__(
        self, commands: list[list[str]], later: list[str], descriptor: int, started: list[int]
    ) -> None:
        self.commands, self.later, self.descriptor = commands, later, descriptor
        self.children = {index: Child(number) for index, number in enumerate(started)}
        self.stopping = self.asked = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        signal.signal(signal.SIGUSR1, self._ask)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            if self.asked and self.later:
                # from now on the work is not the nodes'
                self.commands = [
                    [word for word in words if word != "--work"] for words in self.commands
                ]
                self.commands.append(self.later)
                self.later = []
            for index in range(len(self.commands)):
                self._keep(index)
            time.sleep(0.1)
        for child in self.children.values():
            child.tell(signal.SIGTERM)
        ends = time.monotonic() + 15
        while any(child.lives() for child in self.children.values()) and time.monotonic() < ends:
            time.sleep(0.02)
        for child in self.children.values():
            child.tell(signal.SIGKILL)

    def _keep(self, index: int) -> None:
        child = self.children.get(index)
        if child and (child.lives() or time.monotonic() - child.since < 1):
            return
        if child:
            sys.stderr.write(f"viesis: a process ended with {child.code}; starting it again\n")
        started = subprocess.Popen(self.commands[index], pass_fds=[self.descriptor])  # noqa: S603 - our own program
        started.returncode = 0  # it is waited for here, by its number
        self.children[index] = Child(started.pid)

    def _stop(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    throwaway = given.pop("throwaway")
    with contextlib.suppress(KeyboardInterrupt):
        Parent(**given).run()
    if throwaway:
        shutil.rmtree(throwaway, ignore_errors=True)

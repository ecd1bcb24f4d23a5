"""The parent of `viesis serve`: starts its children, restarts one that dies, stops them all when told to.

Only the standard library: it stays small, and nothing that can break a node can break it.
"""

import json
import shutil
import signal
import subprocess
import sys
import time

Child = subprocess.Popen[bytes]


class Parent:
    """Children by their command line; each inherits the listening socket."""

    def __init__(self, commands: list[list[str]], descriptor: int) -> None:
        self.commands, self.descriptor = commands, descriptor
        self.children: dict[int, tuple[Child, float]] = {}
        self.stopping = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            for index in range(len(self.commands)):
                self._keep(index)
            time.sleep(0.1)
        for child, _since in self.children.values():
            child.send_signal(signal.SIGTERM)
        for child, _since in self.children.values():
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()

    def _keep(self, index: int) -> None:
        child, since = self.children.get(index, (None, 0.0))
        if child and (child.poll() is None or time.monotonic() - since < 1):
            return
        if child:
            sys.stderr.write(f"viesis: a process ended with {child.returncode}; starting it again\n")
        started = subprocess.Popen(self.commands[index], pass_fds=[self.descriptor])  # noqa: S603 - our own program
        self.children[index] = (started, time.monotonic())

    def _stop(self, _number: int, _frame: object) -> None:
        self.stopping = True


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    Parent(given["commands"], given["descriptor"]).run()
    if given["throwaway"]:
        shutil.rmtree(given["throwaway"], ignore_errors=True)

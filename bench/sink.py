"""A mail server that takes everything and keeps nothing, in a process of its own.

``python -m bench.sink`` prints its port, serves until its input ends, then prints how many mails it took. It reads no
more of SMTP than it must, so that what is measured is the sender and not this.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

HOST = "127.0.0.1"


class Conversation(StreamRequestHandler):
    """One connection: every word is answered with yes, a mail is read to its lone dot."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer until the client says goodbye or hangs up."""
        self.wfile.write(b"220 sink\r\n")
        while word := self.rfile.readline():
            if word[:4].upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.server.taken += 1  # type: ignore[attr-defined]
            if word[:4].upper() == b"QUIT":
                self.wfile.write(b"221 goodbye\r\n")
                return
            self.wfile.write(b"250 yes\r\n")


class Sink:
    """A running sink: where it listens and, once it has ended, how many mails it took."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken = 0


@contextmanager
def sink() -> Iterator[Sink]:
    """Run a sink in another process."""
    command = [sys.executable, "-m", "bench.sink"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    running = Sink(int(process.stdout.readline()))
    try:
        yield running
    finally:
        said, _ = process.communicate()
        running.taken = int(said)


def main() -> None:
    """Serve until the input ends."""
    with ThreadingTCPServer((HOST, 0), Conversation) as server:
        server.daemon_threads, server.taken = True, 0  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        print(server.taken)  # type: ignore[attr-defined]
        server.shutdown()


if __name__ == "__main__":
    main()

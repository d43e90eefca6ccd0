"""A network between a browser and a server, which can fail."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

_LINGER = struct.pack("ii", 1, 0)


class Forwarder:
    """Hands on bytes in both directions, until it hangs up."""

    def __init__(self, port: int) -> None:
        """:param port: where the server listens on this machine."""
        self._to = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def hang_up(self) -> None:
        """Break every connection there is, without a word to either side."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
                end.shutdown(socket.SHUT_RD)
            end.close()

    def close(self) -> None:
        """Be done."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join()

    def _run(self, act: object, *ends: socket.socket) -> None:
        thread = threading.Thread(target=act, args=ends)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one, _ = self._listener.accept()
                other = socket.create_connection(self._to)
                self._ends += [one, other]
                self._run(self._hand_on, one, other)
                self._run(self._hand_on, other, one)

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

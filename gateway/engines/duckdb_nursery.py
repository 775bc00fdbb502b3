"""The process from which workers are forked: `python -m gateway.engines.duckdb_nursery FD`.

It has loaded what a worker needs and holds no data and no thread, so that a new worker is there
within milliseconds, and all of them share that memory. It forks, kills and buries at the gateway's
word, and ends with the gateway. It is the workers' parent, so a number that it kills is never that
of a process that came later.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import NoReturn

from gateway.engines.duckdb_worker import Worker

ORDER = struct.Struct("!ci")
"""What it is, a process."""
FORK = b"f"
"""A new worker, whose control socket comes with this. Answered by its number."""
KILL = b"k"
"""Kill a worker; answered by its number once it is gone, and 0 where there is none."""
NUMBER = struct.Struct("!i")

_EASILY_KILLED = "500"
"""Added to a worker's badness: short of memory, the kernel ends a worker and not the gateway."""


def main(descriptor: int) -> None:
    """Serve the gateway until it is gone."""
    # The gateway lets running questions end before it goes; a signal to the group ends it only.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    wakened, waker = socket.socketpair()
    wakened.setblocking(False)
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    orders = socket.socket(fileno=descriptor)
    try:
        _serve(orders, wakened, waker)
    finally:
        # Python closes the sockets before it is gone; workers that end then would write to them.
        signal.set_wakeup_fd(-1)


def _serve(orders: socket.socket, wakened: socket.socket, waker: socket.socket) -> NoReturn:
    children: set[int] = set()
    while True:
        _wait(orders, wakened)
        _bury(children)
        received = _order(orders)
        if received is None:
            continue
        order, process, given = received
        if order == FORK and given is not None:
            process = os.fork()
            if process == 0:
                signal.set_wakeup_fd(-1)
                for other in (orders, wakened, waker):
                    other.close()
                _work(given)
            given.close()
            children.add(process)
        elif process in children:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            children.discard(process)
        else:
            process = 0
        orders.sendall(NUMBER.pack(process))


def _work(given: socket.socket) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_EASILY_KILLED)
        Worker(given).serve()
    finally:
        os._exit(1)


def _wait(orders: socket.socket, wakened: socket.socket) -> None:
    select.select([orders, wakened], [], [])
    with contextlib.suppress(BlockingIOError):
        wakened.recv(4096)


def _bury(children: set[int]) -> None:
    for child in list(children):
        if os.waitpid(child, os.WNOHANG)[0]:
            children.discard(child)


def _order(orders: socket.socket) -> tuple[bytes, int, socket.socket | None] | None:
    """The next order, None where there is none yet; ends the process where the gateway is gone."""
    orders.setblocking(False)
    try:
        data, sockets, _, _ = socket.recv_fds(orders, ORDER.size, 1)
    except BlockingIOError:
        return None
    finally:
        orders.setblocking(True)
    while data and len(data) < ORDER.size:
        more = orders.recv(ORDER.size - len(data))
        data = data + more if more else b""
    if not data:
        sys.exit(0)
    order, process = ORDER.unpack(data)
    return order, process, socket.socket(fileno=sockets[0]) if sockets else None


if __name__ == "__main__":
    main(int(sys.argv[1]))

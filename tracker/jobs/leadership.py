"""One leader among any number of scheduler processes.

Claims alone keep a job from running twice; the leader only spares the others the asking. On PostgreSQL it holds an
advisory lock on a connection of its own, which ends with the connection; on SQLite it holds a lock on a file, which
ends with the process. Where the leader's machine vanishes, nothing says that its connection has ended: the server is
asked to look for a silent client after seconds, not after the two hours that are usual, and the client for the server.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = 7_310_002
# Half a minute at most until either side notices that the other is gone.
IDLE_SECONDS, INTERVAL_SECONDS, PROBES = 10, 5, 3
SILENCE_SECONDS = IDLE_SECONDS + INTERVAL_SECONDS * PROBES
OF_SERVER = {
    "tcp_keepalives_idle": IDLE_SECONDS,
    "tcp_keepalives_interval": INTERVAL_SECONDS,
    "tcp_keepalives_count": PROBES,
    "tcp_user_timeout": SILENCE_SECONDS * 1000,
}
OF_CLIENT = {
    "connect_timeout": IDLE_SECONDS,
    "keepalives": 1,
    "keepalives_idle": IDLE_SECONDS,
    "keepalives_interval": INTERVAL_SECONDS,
    "keepalives_count": PROBES,
    "tcp_user_timeout": SILENCE_SECONDS * 1000,
}


class Leadership:
    """The claim of this process to lead; ``holds`` renews it."""

    def __init__(self, engine: sa.Engine, lock_file: Path) -> None:
        self._engine = engine
        if self._is_served:
            # Of its own, so that the lock ends with its connection and no pool keeps it alive.
            self._engine = sa.create_engine(
                engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", connect_args=OF_CLIENT
            )
        self._lock_file = lock_file
        self._connection: sa.Connection | None = None
        self._file: IO[bytes] | None = None
        self._turn = threading.Lock()

    def holds(self) -> bool:
        """Whether this process leads now; whoever asks first when nobody leads becomes the leader."""
        with self._turn:
            return self._holds_lock() if self._is_served else self._holds_file()

    def release(self) -> None:
        """Let another process lead."""
        with self._turn:
            self._give_up()
            if self._file is not None:
                self._file.close()
                self._file = None

    @property
    def _is_served(self) -> bool:
        """Whether a database server keeps the lock, and no file."""
        return self._engine.dialect.name == "postgresql"

    def _holds_lock(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.exec_driver_sql("SELECT 1")
                return True
            self._connection = self._engine.connect()
            for name, value in OF_SERVER.items():
                self._connection.execute(sa.select(sa.func.set_config(name, str(value), False)))
            if self._connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
                return True
        except SQLAlchemyError:
            # The server went away and the lock with it; the next question asks anew.
            pass
        self._give_up()
        return False

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _holds_file(self) -> bool:
        if self._file is not None:
            return True
        file = self._lock_file.open("ab")
        try:
            if sys.platform == "win32":
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

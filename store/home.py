"""The home folder: file names, the lock that keeps it one process's own, the server's address."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from domain.errors import HomeBusy

_PATIENCE_SECONDS = 0.3


@dataclass(frozen=True)
class ServerAddress:
    """Where a running server listens, and the token a command line shows it."""

    address: str
    token: str
    pid: int


class Home:
    """The folder that holds everything kept on this machine.

    Exactly one process may own it: two writers damage the notes index beyond repair.
    Creating a `Home` touches nothing; `own` makes the folder and takes the lock.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock: IO[bytes] | None = None

    @property
    def database(self) -> Path:
        """Books, plans, decisions and the rest, in SQLite."""
        return self.path / "cadastre.db"

    @property
    def checkpoints(self) -> Path:
        """Where the graph keeps its place in a run."""
        return self.path / "checkpoints.db"

    @property
    def tables(self) -> Path:
        """Tables of books, one Parquet file per content."""
        return self.path / "tables"

    @property
    def chroma(self) -> Path:
        """Vectors of the notes index."""
        return self.path / "chroma"

    @property
    def encoders(self) -> Path:
        """Fitted encoders of the notes index, one file per content."""
        return self.path / "encoders"

    @property
    def secret_file(self) -> Path:
        """The key that sessions are signed with."""
        return self.path / "secret"

    @property
    def server_file(self) -> Path:
        """Address, token and process id of a running server."""
        return self.path / "server.json"

    @property
    def model_file(self) -> Path:
        """What the model endpoint was found to understand."""
        return self.path / "model.json"

    @property
    def lock_file(self) -> Path:
        """Locked by the process that owns the folder."""
        return self.path / "lock"

    @property
    def owned(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock is not None

    def create(self) -> None:
        """Make the folder and its subfolders, readable by their owner alone."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.tables, self.chroma, self.encoders):
            folder.mkdir(mode=0o700, exist_ok=True)

    def own(self) -> Home:
        """Take the folder for this process until `release`; also a context manager.

        Raises
        ------
        HomeBusy
            When another process, or another `Home` of this one, owns it.
        """
        if self._lock is not None:
            return self
        self.create()
        file = _open_private(self.lock_file)
        # A reader that asks whether a server runs holds the lock for an instant.
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(file, shared=False):
            if time.monotonic() > patience:
                owner = _owner_in(file)
                file.close()
                raise HomeBusy(
                    f"Another process{f' (pid {owner})' if owner else ''} is using {self.path}.",
                    hint="Stop it with Ctrl-C where it runs, or wait until it ends, and try "
                    "again; or name another folder with CADASTRE_HOME.",
                    pid=owner,
                )
            time.sleep(0.02)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()).encode())
        file.flush()
        self._lock = file
        return self

    def release(self) -> None:
        """Give the folder up; does nothing when it is not owned."""
        if self._lock is not None:
            _unlock(self._lock)
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Home:
        return self.own()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def busy(self) -> bool:
        """Say whether any process, this one included, owns the folder."""
        if self._lock is not None:
            return True
        if not self.lock_file.exists():
            return False
        with _open_private(self.lock_file) as file:
            if not _try_lock(file, shared=True):
                return True
            _unlock(file)
            return False

    def write_server(self, address: str, token: str) -> ServerAddress:
        """Leave word of a server of this process, in a file only its owner may read."""
        server = ServerAddress(address, token, os.getpid())
        write_whole(
            self.server_file,
            json.dumps(
                {"address": server.address, "token": server.token, "pid": server.pid}
            ).encode(),
            mode=0o600,
        )
        return server

    def read_server(self) -> ServerAddress | None:
        """Return the running server; None when there is none or its word is stale."""
        try:
            kept: dict[str, Any] = json.loads(self.server_file.read_text(encoding="utf-8"))
            server = ServerAddress(str(kept["address"]), str(kept["token"]), int(kept["pid"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return server if self.busy() else None

    def clear_server(self) -> None:
        """Remove word of the server."""
        self.server_file.unlink(missing_ok=True)

    def secret(self) -> str:
        """Return the signing key, 64 hexadecimal digits, made on first use."""
        if not self.secret_file.exists():
            self.create()
            write_whole(self.secret_file, secrets.token_hex(32).encode(), mode=0o600)
        return self.secret_file.read_text(encoding="ascii").strip()


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that it is seen whole or not at all, even after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _rename(temporary: Path, path: Path) -> None:
    temporary.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _open_private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _owner_in(file: IO[bytes]) -> int | None:
    try:
        file.seek(0)
        return int(file.read(20))
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others there, so it lies far behind the process id.
    _LOCKED_BYTE = 1 << 20

    def _try_lock(file: IO[bytes], *, shared: bool) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes], *, shared: bool) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

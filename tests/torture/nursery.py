"""A process that has imported everything and forks others: ``python -m tests.torture.nursery``.

A fresh interpreter needs a second until it works, and some checks kill two hundred. So each process is forked from this
one, which has imported the tracker and made nothing of it; from there on it is a process like any other, with an
application, connections and threads of its own. It ends with everything it forked when its standard input does.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import flask.cli
import sqlalchemy as sa

from tests.torture import sender
from tracker import serve

FAILED = 70


def main() -> None:
    """Answer requests, one line of JSON each, until there are no more."""
    children: set[int] = set()
    # The longest part of a first query, and the same for all.
    sa.orm.configure_mappers()
    try:
        for line in sys.stdin:
            request = json.loads(line)
            if "wait" in request:
                answer = {"code": _reap(children, request["wait"])}
            else:
                answer = {"pid": _fork(request)}
                children.add(answer["pid"])
            print(json.dumps(answer), flush=True)
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _reap(children: set[int], pid: int) -> int | None:
    """The exit code of a child, negative where a signal ended it; None while it runs."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    children.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _fork(request: dict[str, Any]) -> int:
    """Start a process and return its id."""
    pid = os.fork()
    if pid == 0:
        _be(request)
    return pid


def _be(request: dict[str, Any]) -> NoReturn:
    """Become what was asked for; everything that is printed goes to the file of the process."""
    code = FAILED
    try:
        with Path(request["output"]).open("ab", buffering=0) as output, Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        os.environ.clear()
        os.environ.update(request["environment"])
        if request["program"] == "sender":
            sender.main(*request["arguments"])
            code = 0
        elif request["program"] == "flask":
            sys.argv = ["flask", "--app", "wsgi", *request["arguments"]]
            flask.cli.main()
        else:
            serve.serve.main(request["arguments"], prog_name="tracker.serve")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()

"""Supervisor as the parent of all processes: its configuration file and a client of its XML-RPC."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from livepairs.processes import Process

_PR_SET_PDEATHSIG = 1
START_GUARD_S = 60


class Supervision:
    """One supervisord with its programs; none of them starts before `start` names it."""

    def __init__(self, folder: Path, sockets: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.socket = sockets / "supervisor.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def is_running(self) -> bool:
        """True when a supervisor of this installation answers."""
        try:
            with self.rpc() as rpc:
                return bool(rpc.getState())
        except OSError:
            return False

    def launch(self, processes: Iterable[Process]) -> None:
        """Run supervisord with these programs defined; it ends when this process ends."""
        logs = self.folder / "log"
        logs.mkdir(parents=True, exist_ok=True)
        # Made by the embedded servers otherwise
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = self.folder / "supervisord.conf"
        config.write_text("\n\n".join([self._head(), *(_program(process, logs) for process in processes)]))
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "--nodaemon", "-c", str(config)],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C of the terminal goes to us alone; we stop the programs in order
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  no thread runs yet
        )
        end = time.monotonic() + START_GUARD_S
        while not self.is_running():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The supervisor did not start; see {logs / 'supervisord.log'}.")
            time.sleep(0.05)

    def start(self, *names: str) -> None:
        with self.rpc() as rpc:
            for name in names:
                rpc.startProcess(name, False)

    def states(self) -> dict[str, dict[str, Any]]:
        """Supervisor's word on each program, by name."""
        with self.rpc() as rpc:
            return {row["name"]: row for row in rpc.getAllProcessInfo()}

    def wait(self) -> None:
        """Until supervisord ends."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """Stop all programs, the last started first, then supervisord."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    @contextmanager
    def rpc(self) -> Iterator[Any]:
        """Supervisor's own interface; its connection ends with the block."""
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        with ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            yield proxy.supervisor

    def _head(self) -> str:
        return "\n".join(
            [
                "[unix_http_server]",
                f"file={_escaped(self.socket)}",
                "chmod=0700",
                "[supervisord]",
                f"logfile={_escaped(self.folder / 'log' / 'supervisord.log')}",
                f"pidfile={_escaped(self.folder / 'supervisord.pid')}",
                f"childlogdir={_escaped(self.folder / 'log')}",
                "silent=true",
                "[rpcinterface:supervisor]",
                "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
            ]
        )


def _program(process: Process, logs: Path) -> str:
    lines = [
        f"[program:{process.name}]",
        f"command={' '.join(_quoted(part) for part in process.command)}",
        f"priority={process.priority}",
        "autostart=false",
        "autorestart=true",
        "startsecs=1",
        # What dies is restarted for ever
        "startretries=1000000",
        f"stopsignal={process.stop_signal}",
        f"stopwaitsecs={process.stop_seconds}",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={_escaped(logs / (process.name + '.log'))}",
        "stdout_logfile_maxbytes=10MB",
        "stdout_logfile_backups=2",
    ]
    if process.user:
        lines += [f"user={process.user}", "directory=/"]
    return "\n".join(lines)


def _escaped(text: object) -> str:
    return str(text).replace("%", "%%")


def _quoted(part: str) -> str:
    return "'" + _escaped(part).replace("'", "'\"'\"'") + "'"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

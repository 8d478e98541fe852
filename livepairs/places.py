"""Where a checkout keeps its files and its embedded servers listen.

Everything follows from the checkout's path and LIVEPAIRS_HOME, so that each process finds the
servers without asking another one, and two checkouts never meet.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
# sockaddr_un holds 108 bytes on Linux; Postgres adds "/.s.PGSQL.5432" to the folder
SOCKET_FOLDER_LIMIT = 80


@dataclass(frozen=True)
class Places:
    """Folders of one installation: `home` for livepairs' own files, `servers` for the embedded ones."""

    home: Path
    servers: Path
    sockets: Path

    @property
    def password_file(self) -> Path:
        """Beside the data it opens: who removes `home` keeps both, who removes the servers loses both."""
        return self.servers / "postgres.password"

    @property
    def secret_key_file(self) -> Path:
        return self.home / "secret_key"

    @property
    def database_url(self) -> str:
        password = self.password_file.read_text().strip() if self.password_file.exists() else ""
        return f"postgresql://livepairs:{quote(password)}@{quote(str(self.sockets), safe='')}/livepairs"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/redis.sock"


def places() -> Places:
    """The places of this installation."""
    return places_of(Path(os.environ.get("LIVEPAIRS_HOME") or BASE_DIR / "var"))


def places_of(home: Path) -> Places:
    home = home.resolve()
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    # A home of root is closed to the unprivileged user the servers run as
    servers = Path("/var/lib/livepairs") / digest if os.geteuid() == 0 else home / "servers"
    sockets = servers / "run"
    if len(str(sockets).encode()) > SOCKET_FOLDER_LIMIT:
        sockets = Path(tempfile.gettempdir()) / f"livepairs-{os.geteuid()}-{digest}"
    return Places(home=home, servers=servers, sockets=sockets)

"""PostgreSQL 18 under our own care: its data in a folder of ours, on loopback, signed in to with a generated password.

`Cluster` prepares and heals the data folder and says how to start the server; who starts it (the supervisor, or
`running_postgres` for tests, benchmarks and the CLI) is its own business.
"""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from chorus.domain.errors import StackError
from chorus.stack.binaries import postgres_programs
from chorus.stack.generated_secrets import (
    keep,
    kept_secret,
    password,
    secret,
    write_private,
)
from chorus.stack.leftover_servers import end_servers
from chorus.stack.lesser_user import give, launcher, server_user
from chorus.stack.ports import LOOPBACK

SUPERUSER = "postgres"
KEPT_AS = "postgres_superuser"
START_WITHIN = 60.0
STARTING_UP = "the database system is starting up"
STOP_SIGNAL = signal.SIGINT  # the fast way: clients are dropped, nothing is lost
STOP_NOW_SIGNAL = signal.SIGQUIT  # without a checkpoint: the next start recovers
_REFUSAL = re.compile(r"\b(ERROR|FATAL|PANIC):")
# Nothing of a test's server outlives it, so it need not survive a power cut.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Cluster:
    """One data folder below a run folder, and the server that may run on it."""

    root: Path
    port: int
    durable: bool = True
    max_connections: int = 150

    @property
    def folder(self) -> Path:
        return self.root / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.root / "logs" / "postgres.log"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @cached_property
    def password(self) -> str:
        return secret(self.secrets, KEPT_AS)

    @cached_property
    def _user(self) -> int | None:
        return server_user(self.data)

    @cached_property
    def become(self) -> list[str]:
        """What stands before a command of the server's, so that it is not root's."""
        return launcher(self._user, postgres_programs(), self.folder)

    def dsn(self, database: str = "postgres") -> str:
        return make_conninfo(
            host=LOOPBACK,
            port=self.port,
            user=SUPERUSER,
            password=self.password,
            dbname=database,
            # Said, since PGSSLMODE of the person's environment is meant for servers of theirs.
            sslmode="disable",
        )

    def prepare(self) -> None:
        """Leave a whole data folder that no server runs on, whatever was interrupted before."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        give(self.folder, self._user)
        if not self.data.exists():
            self._initialise()
            return
        end_servers(self.data)
        # With no server left the file only misleads: another process may have its number by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if kept_secret(self.secrets, KEPT_AS) is None:
            self._set_password()

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there in one step: half of one is never seen."""
        fresh = self.folder / "data.new"
        end_servers(fresh)
        shutil.rmtree(fresh, ignore_errors=True)
        said = self.folder / "password"
        write_private(said, self.password)
        give(said, self._user)
        options = [
            *("--pgdata", str(fresh), "--username", SUPERUSER, "--pwfile", str(said)),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(("--no-instructions",) if self.durable else ("--no-instructions", "--no-sync")),
        ]
        try:
            made = subprocess.run(
                [*self.become, str(postgres_programs() / "initdb"), *options],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            said.unlink()
        if made.returncode != 0:
            reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StackError(f"PostgreSQL's data folder cannot be made in {fresh}: {reason}.")
        fresh.rename(self.data)

    def _set_password(self) -> None:
        """Somebody removed the secrets: the server takes a new one when it runs alone.

        Kept only once the server has it: a change that was interrupted is made again by the next start.
        """
        server = str(postgres_programs() / "postgres")
        chosen = password()
        changed = subprocess.run(
            [*self.become, server, "--single", "-D", str(self.data), "postgres"],
            cwd="/",
            input=f"alter role {SUPERUSER} password '{chosen}'\n",
            capture_output=True,
            text=True,
            check=False,
        )
        # Alone, it ends with 0 after an error, too; and its last line may be the statement with the password.
        refused = [line for line in changed.stderr.splitlines() if _REFUSAL.search(line)]
        if changed.returncode != 0 or refused:
            reason = refused[0] if refused else f"exit code {changed.returncode}"
            raise StackError(f"PostgreSQL takes no new password in {self.data}: {reason}.")
        keep(self.secrets, KEPT_AS, chosen)
        self.__dict__.pop("password", None)  # what was read before is no longer so

    def command(self) -> list[str]:
        """What starts the server in the foreground, after `become`."""
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(self.max_connections),
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.durable else FORGETFUL),
        }
        chosen = [
            word for name, value in settings.items() for word in ("-c", f"{name}={value}")
        ]
        server = str(postgres_programs() / "postgres")
        return [server, "-D", str(self.data), *chosen]

    def answers(self) -> bool:
        """Whether the server lets its superuser in."""
        return self._refusal() is None

    def wait_until_up(self, pause: Callable[[float], None]) -> None:
        """Until it answers; `pause` raises where nothing is left to wait for.

        What a kill interrupted it does again first, and says so: after hours of loading that can take minutes.
        """
        patience = time.monotonic() + START_WITHIN
        while refusal := self._refusal():
            if time.monotonic() > patience and STARTING_UP not in refusal:
                raise StackError(
                    f"PostgreSQL does not let us in within {START_WITHIN:.0f} s; see {self.log}. "
                    f"If that speaks of the password, remove {self.secrets / KEPT_AS} and start again."
                )
            pause(0.05)

    def _refusal(self) -> str | None:
        try:
            psycopg.connect(self.dsn(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return str(error)
        return None

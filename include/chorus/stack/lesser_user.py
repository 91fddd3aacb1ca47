"""PostgreSQL refuses to run as root: where root starts it, it runs as nobody (or as whoever owns its data).

No user is added and no permission is changed on the way to the data. Where a parent folder is closed (a clone below
/root) nobody gets the one capability that lets it look through closed folders. PostgreSQL asks access(2) before it
starts itself, and the kernel forgets capabilities there unless the setuid fix-up is off: hence the securebit.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from chorus.domain.errors import StackError

NOBODY = 65_534
# From no privilege at all to more; which of them a machine grants differs between containers.
CAPABILITIES = ("", "dac_read_search", "dac_override", "dac_override,dac_read_search")
SECUREBITS = ("--securebits=+no_setuid_fixup", None)


def server_user(data: Path) -> int | None:
    """Whose the server must be: None means ours."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    if owner:
        return owner
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return NOBODY


def give(path: Path, user: int | None) -> None:
    if user is not None:
        os.chown(path, user, user)


def launcher(user: int | None, programs: Path, folder: Path) -> list[str]:
    """What stands before a server's command so that it runs as that user and gets into that folder."""
    if user is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StackError(
            "PostgreSQL does not run as root and setpriv is missing: install util-linux or start as another user."
        )
    become = [setpriv, f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    answer = ""
    for extra in _privileges():
        tried = [*become, *extra]
        answer = _refusal(tried, programs, folder)
        if not answer:
            return tried
    raise StackError(
        f"PostgreSQL cannot run as user {user} below {folder}: {answer}; start as an ordinary user instead."
    )


def _privileges() -> list[list[str]]:
    tries: list[list[str]] = []
    for names in CAPABILITIES:
        raised = ",".join(f"+{name}" for name in names.split(",") if name)
        if not raised:
            tries.append([])
            continue
        tries += [
            [f"--inh-caps={raised}", f"--ambient-caps={raised}", *([bits] if bits else [])]
            for bits in SECUREBITS
        ]
    return tries


def _refusal(become: list[str], programs: Path, folder: Path) -> str:
    """Empty when that user reaches the folder and PostgreSQL finds itself; else what stood in the way."""
    script = 'cd "$1" && exec "$2/initdb" --show --pgdata "$1/data"'
    tried = subprocess.run(
        [*become, "sh", "-c", script, "sh", str(folder), str(programs)],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode == 0:
        return ""
    return (tried.stderr.strip().splitlines() or ["no reason given"])[-1]

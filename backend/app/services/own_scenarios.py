"""Scenarios of one's own: snapshots in a folder, each under the name of its file."""

from __future__ import annotations

from pathlib import Path

from ..config import SCENARIOS
from ..errors import InvalidInput, UnderstudyError
from ..moments import iso
from ..sandbox import Sandbox


def find_own(folder: str) -> dict[str, Path]:
    """The files of a folder by the names of their scenarios; none if there is no folder.

    :raises InvalidInput: ``bad_scenario_file``, if there is no such folder, or a file has the name of a scenario that
        comes with the server.
    """
    if not folder:
        return {}
    if not Path(folder).is_dir():
        raise InvalidInput(f"There is no folder '{folder}' with scenarios.", code="bad_scenario_file")
    found = {path.stem: path for path in sorted(Path(folder).glob("*.json"))}
    if taken := sorted(found.keys() & set(SCENARIOS)):
        message = f"{found[taken[0]].name}: '{taken[0]}' comes with the server; give the file another name."
        raise InvalidInput(message, code="bad_scenario_file")
    return found


def fill_own(sandbox: Sandbox, path: Path) -> None:
    """Fill a fresh sandbox from a snapshot. Its clock goes on from there; seed and pace are the sandbox's own.

    :raises InvalidInput: ``bad_scenario_file``, naming the file and what is wrong with it; ``clock_backwards``, if the
        sandbox is to begin before the snapshot was taken.
    """
    from .snapshot_installer import install
    from .snapshot_reader import decode

    try:
        snapshot = decode(path.read_bytes())
        install(snapshot, sandbox)
    except (OSError, UnderstudyError) as error:
        told = error.message if isinstance(error, UnderstudyError) else error.strerror
        raise InvalidInput(f"{path.name}: {told}", code="bad_scenario_file") from None
    taken_at = snapshot.sandbox.now
    start = taken_at if sandbox.start is None else sandbox.start
    if start < taken_at:
        message = f"{path.name} was taken at {iso(taken_at)}, and time goes forward only: it cannot begin before that."
        raise InvalidInput(message, [{"pointer": "/now", "message": message}], code="clock_backwards")
    sandbox.begin_at(taken_at)
    # A turn lets everything happen that is due by now, and at pace instant all the rest.
    with sandbox.turn():
        sandbox.run_to(start)

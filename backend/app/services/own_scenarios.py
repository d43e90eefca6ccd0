"""Scenarios of one's own: snapshots in a folder, each under the name of its file."""

from __future__ import annotations

from pathlib import Path

from ..config import SCENARIOS
from ..errors import InvalidInput, UnderstudyError
from ..sandbox import Sandbox
from .controls import check_forward


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

    :raises InvalidInput: ``bad_scenario_file``, naming the file and what is wrong with it.
    """
    from .snapshot_format import decode, install

    try:
        snapshot = decode(path.read_bytes())
        install(snapshot, sandbox)
    except (OSError, UnderstudyError) as error:
        told = error.message if isinstance(error, UnderstudyError) else error.strerror
        raise InvalidInput(f"{path.name}: {told}", code="bad_scenario_file") from None
    start, taken_at = sandbox.start, snapshot.sandbox.now
    sandbox.begin_at(taken_at)
    if start is not None:
        check_forward(start, taken_at)
    # A turn lets everything happen that is due by now, and at pace instant all the rest.
    with sandbox.turn():
        sandbox.run_to(taken_at if start is None else start)

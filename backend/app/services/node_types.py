"""The palette: the node types of the server, and those that users bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import Conflict, InvalidInput
from ..nodes.base import NodeType
from ..nodes.custom import from_json, to_json
from ..sandbox import Sandbox
from .changes import check_count, check_writable

Json = Any


def list_types(sandbox: Sandbox) -> list[dict[str, Json]]:
    """The whole palette, by category and name."""
    with sandbox.view():
        return [_shown(kind) for kind in sandbox.registry.all()]


def get(sandbox: Sandbox, name: str) -> dict[str, Json]:
    """A node type.

    :raises NotFound: if nobody knows it.
    """
    with sandbox.view():
        return _shown(sandbox.registry.find(name))


def create(sandbox: Sandbox, document: Json) -> dict[str, Json]:
    """Add a type of one's own to the palette.

    :raises InvalidInput: with every fault of the document at once.
    :raises Conflict: if the name is taken.
    """
    check_writable(document)
    return _add(sandbox, [from_json(document)])[0]


def replace(sandbox: Sandbox, name: str, document: Json) -> dict[str, Json]:
    """Put a new version in the place of a type of one's own; its name stays.

    :raises Conflict: ``built_in_type``.
    """
    document = {"type": name} | document
    if document["type"] != name:
        message = f"The type in the body is '{document['type']}', the one in the address '{name}'; names do not change."
        raise InvalidInput(message, [{"pointer": "/type", "message": message}], code="id_mismatch")
    check_writable(document)
    with sandbox.turn():
        _refuse_built_in(sandbox, name)
        sandbox.registry.replace(name, from_json(document))
        _forget_derived(sandbox)
        return _shown(sandbox.registry.find(name))


def delete(sandbox: Sandbox, name: str) -> None:
    """Take a type of one's own out of the palette; its nodes stay, and are of an unknown type from now on.

    :raises Conflict: ``built_in_type``.
    """
    with sandbox.turn():
        _refuse_built_in(sandbox, name)
        sandbox.registry.remove(name)
        _forget_derived(sandbox)


def load_folder(sandbox: Sandbox, path: str) -> list[dict[str, Json]]:
    """Add the type in every JSON file of a folder, by file name; all of them or none.

    :raises InvalidInput: ``bad_node_type_file``, naming the file and what is wrong with it.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder '{path}' with node types.", code="bad_node_type_file")
    kinds: dict[str, NodeType] = {}
    for file in sorted(folder.glob("*.json")):
        kind = _read(file)
        if kind.type in kinds or sandbox.registry.knows(kind.type):
            raise InvalidInput(f"{file.name}: there is a type '{kind.type}' already.", code="bad_node_type_file")
        kinds[kind.type] = kind
    return _add(sandbox, list(kinds.values()))


def _add(sandbox: Sandbox, kinds: list[NodeType]) -> list[dict[str, Json]]:
    with sandbox.turn():
        count = len(sandbox.registry.custom()) + len(kinds)
        check_count("node types", count, sandbox.limits.max_node_types, "max_node_types")
        for kind in kinds:
            sandbox.registry.add(kind)
        _forget_derived(sandbox)
        return [_shown(kind) for kind in kinds]


def _read(file: Path) -> NodeType:
    try:
        document = json.loads(file.read_text("utf-8"))
        check_writable(document)
        return from_json(document)
    except InvalidInput as error:
        faults = [f"{fault['pointer'] or '/'}: {fault['message']}" for fault in error.errors]
        told = " ".join([error.message, *faults])
    except (OSError, ValueError, RecursionError) as error:
        told = f"This cannot be read as JSON: {error}"
    raise InvalidInput(f"{file.name}: {told}", code="bad_node_type_file")


def _shown(kind: NodeType) -> dict[str, Json]:
    """The type as the API shows it; of one's own also the sample, so that it can be sent back as it was read."""
    return kind.as_dict() | ({"output": to_json(kind)["output"]} if kind.custom else {})


def _refuse_built_in(sandbox: Sandbox, name: str) -> None:
    if not sandbox.registry.find(name).custom:
        raise Conflict(f"The node type '{name}' comes with the server and stays as it is.", code="built_in_type")


def _forget_derived(sandbox: Sandbox) -> None:
    """What was derived from a workflow (its plan) may rest on the type that has changed."""
    for workflow in sandbox.store.workflows:
        workflow.cache.clear()

"""The versions of a workflow: every save makes one, a restore too."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ..errors import NotFound
from ..models.user import ANYONE, Viewer
from ..models.version import DOCUMENT_FIELDS, Version, versions
from ..models.workflow import Workflow
from ..moments import iso
from ..sandbox import Sandbox
from .changes import changes_of, check_revision, put
from .differences import compare
from .documents import Document, render
from .people import person

Json = Any

CURRENT = "current"
"""The version that a workflow is at, by another name than its revision."""


def list_versions(sandbox: Sandbox, workflow_id: str) -> list[dict[str, Json]]:
    """Every version of a workflow that is kept, the newest first."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return [_summary(sandbox, workflow, version) for version in reversed(versions(workflow))]


def get(sandbox: Sandbox, workflow_id: str, revision: str) -> dict[str, Json]:
    """A version with its document.

    :raises NotFound: if there is no such workflow, or no such version of it is kept.
    """
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return _whole(sandbox, workflow, _find(workflow, revision))


def label(sandbox: Sandbox, workflow_id: str, revision: str, text: str | None) -> dict[str, Json]:
    """Call a version something, or nothing any more; the document and its revision stay."""
    with sandbox.turn():
        workflow = sandbox.store.workflows.get(workflow_id)
        version = _find(workflow, revision)
        if version.revision == workflow.revision:
            workflow.version_label = text
        else:
            workflow.past[workflow.past.index(version)] = version._replace(label=text)
            workflow.past_changes += 1
        return _whole(sandbox, workflow, version._replace(label=text))


def differences(sandbox: Sandbox, workflow_id: str, revision: str, other: str | None = None) -> dict[str, Json]:
    """What is different between two versions, from the older to the newer.

    :param other: a revision, or `CURRENT`; without it, the one that is kept before.
    """
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        version = _find(workflow, revision)
        beside = _before(workflow, version) if other is None else _find(workflow, other)
    # Nobody changes what is in a version, so that the sandbox may go on while this looks for what is different.
    old, new = sorted((version, beside), key=lambda one: one.revision)
    return {"from": old.revision, "to": new.revision, **compare(old.document, new.document)}


def restore(
    sandbox: Sandbox,
    workflow_id: str,
    revision: str,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Document:
    """Make the document of a version that of the workflow again, as a new revision if that changes anything.

    :raises RevisionMismatch: if somebody saved in between.
    """
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        version = _find(workflow, revision)
        changed = changes_of(workflow, {name: getattr(version, name) for name in DOCUMENT_FIELDS})
        if changed:
            # It was taken once, so that no limit stands against it now.
            put(sandbox, workflow, now, changed, viewer, version.revision)
        return render(sandbox, workflow)


def _find(workflow: Workflow, revision: str) -> Version:
    """The version of a revision as an address writes it.

    :raises NotFound: ``version_not_found``.
    """
    wanted = str(workflow.revision) if revision == CURRENT else revision
    for version in versions(workflow):
        if str(version.revision) == wanted:
            return version
    raise NotFound("version", revision, f"Workflow '{workflow.id}' keeps no version '{revision}'.")


def _before(workflow: Workflow, version: Version) -> Version:
    """The version that is kept before this one; the oldest has itself, since nobody knows what was before."""
    return next((old for old, new in pairwise(versions(workflow)) if new.revision == version.revision), version)


def _whole(sandbox: Sandbox, workflow: Workflow, version: Version) -> dict[str, Json]:
    return _summary(sandbox, workflow, version) | {"workflow": version.document}


def _summary(sandbox: Sandbox, workflow: Workflow, version: Version) -> dict[str, Json]:
    return {
        "revision": version.revision,
        "label": version.label,
        "is_current": version.revision == workflow.revision,
        "created_at": iso(version.created_at),
        "saved_by": person(sandbox, version.saved_by),
        "restored_from": version.restored_from,
        "node_count": len(version.nodes),
        "connection_count": len(version.connections),
    }

"""Versions: a workflow's document as it was saved, one for each revision that is kept."""

from __future__ import annotations

from typing import Any, NamedTuple

from .workflow import OWN_FIELDS, Connection, Node, Workflow

Json = Any

DOCUMENT_FIELDS = (*OWN_FIELDS, "extra")
"""The fields of a workflow that are saved, and come back with a version."""


class Version(NamedTuple):
    """The document of a workflow at a revision; nobody changes what is in it.

    Nodes and connections that did not change are shared with other versions, and so is every other field as a whole.
    """

    revision: int
    label: str | None
    """What people call this version."""
    created_at: int
    """When it was saved, in microseconds."""
    saved_by: str
    """The id of the user who saved it."""
    restored_from: int | None
    """The revision that was restored by it."""
    name: str
    """That of the workflow."""
    description: str
    tags: list[str]
    nodes: list[Node]
    connections: list[Connection]
    viewport: dict[str, Json]
    metadata: dict[str, Json]
    extra: dict[str, Json]

    @property
    def document(self) -> dict[str, Json]:
        """The document as it was saved."""
        return {name: getattr(self, name) for name in OWN_FIELDS} | self.extra


def current(workflow: Workflow) -> Version:
    """The version that a workflow is at."""
    return Version(
        workflow.revision,
        workflow.version_label,
        workflow.updated_at,
        workflow.saved_by,
        workflow.restored_from,
        workflow.name,
        workflow.description,
        workflow.tags,
        workflow.nodes,
        workflow.connections,
        workflow.viewport,
        workflow.metadata,
        workflow.extra,
    )


def versions(workflow: Workflow) -> list[Version]:
    """Every version of a workflow that is kept, the oldest first; the last is the one that it is at."""
    return [*workflow.past, current(workflow)]


def remember(workflow: Workflow, most: int) -> None:
    """Keep the version that a workflow is at, since another one follows.

    :param most: versions of a workflow, the one that follows among them. Of more, the oldest without a label goes; if
        all have labels, the oldest. The one that was current until now stays: a history that drops it would stop.
    """
    past = workflow.past
    past.append(current(workflow))
    while len(past) >= most:
        del past[next((place for place, version in enumerate(past[:-1]) if version.label is None), 0)]

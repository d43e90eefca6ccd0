"""Templates: ready-made workflows, saved, applied, exported, imported."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidInput
from ..models.template import Template
from ..models.user import ANYONE, Viewer
from ..models.workflow import DEFAULT_VIEWPORT, Workflow, clean_graph
from ..moments import iso
from ..sandbox import Sandbox
from . import paging
from .changes import check_count, check_graph_size, check_revision, check_writable, is_same, save
from .documents import Document, render
from .exchange import FORMAT, blank_secrets
from .graphs import check_shape
from .merging import merge, moved
from .paging import Keys, Listing, Page
from .parameters import check_declared, fill_in
from .permissions import check, sees
from .workflows import add, fresh_fields

Json = Any

FIELDS = ("name", "description", "category", "tags", "nodes", "connections", "viewport", "parameters")
"""The fields of a template that its author writes."""

DEFAULT_NAME = "Untitled template"
DEFAULT_CATEGORY = "custom"

MODES = ("replace", "merge")
"""What applying does to the graph that is there."""

SORTS: Keys = {
    "name": lambda template: template.name,
    "category": lambda template: template.category,
    "created_at": lambda template: template.created_at,
    "updated_at": lambda template: template.updated_at,
    "node_count": lambda template: len(template.nodes),
}
"""What templates can be sorted by."""

_FILTERS: Keys = {"category": lambda template: template.category, "tag": lambda template: template.tags}


def list_templates(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """Summaries of the templates that somebody sees, the last changed first; filters are ``category`` and ``tag``."""
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        seen = (template for template in sandbox.store.templates if sees(sandbox, viewer, template))
        found = paging.select(seen, listing, filters=_FILTERS, texts=_texts)
        return paging.paginate(
            found, listing, Template.summary, sorts=SORTS, default="-updated_at", number=lambda one: one.number
        )


def create(sandbox: Sandbox, document: dict[str, Json], *, viewer: Viewer = ANYONE) -> dict[str, Json]:
    """A new template from a graph, or from a workflow if the document has its ``workflow_id``.

    :param viewer: whose it is.
    :raises InvalidInput: ``no_graph``, ``bad_parameter``, ``duplicate_id``.
    :raises NotFound: if there is no such workflow.
    """
    if document.get("workflow_id") is None and document.get("nodes") is None:
        message = "A template is made of a graph, or of a workflow: give nodes, or a workflow_id."
        raise InvalidInput(message, [{"pointer": "/nodes", "message": message}], code="no_graph")
    with sandbox.turn() as now:
        fields = _fields(_from_workflow(sandbox, document, viewer) | _given(document))
        _check(sandbox, fields)
        templates = sandbox.store.templates
        check_count("templates", len(templates) + 1, sandbox.limits.max_templates, "max_templates")
        key, number = sandbox.world.ids.numbered("tp")
        owner = viewer.user_id
        template = Template(id=key, number=number, created_at=now, updated_at=now, owner_id=owner, **fields)
        templates.add(template)
        return template.as_dict()


def get(sandbox: Sandbox, template_id: str) -> dict[str, Json]:
    """A template.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        return sandbox.store.templates.get(template_id).as_dict()


def replace(
    sandbox: Sandbox, template_id: str, document: dict[str, Json], *, expected_revision: int | None = None
) -> dict[str, Json]:
    """Put new values in the place of the old ones; fields that are not sent stay.

    :raises InvalidInput: ``bad_parameter``, ``duplicate_id``.
    :raises RevisionMismatch: if the template is not at the expected revision.
    """
    with sandbox.turn() as now:
        template = sandbox.store.templates.get(template_id)
        check_revision(template, expected_revision)
        fields = _fields({name: getattr(template, name) for name in FIELDS} | _given(document))
        _check(sandbox, fields)
        if not all(is_same(getattr(template, name), fields[name]) for name in FIELDS):
            for name in FIELDS:
                setattr(template, name, fields[name])
            template.updated_at = now
            template.revision += 1
        return template.as_dict()


def delete(sandbox: Sandbox, template_id: str, *, expected_revision: int | None = None) -> None:
    """Delete a template; workflows that were made from it stay as they are."""
    with sandbox.turn():
        check_revision(sandbox.store.templates.get(template_id), expected_revision)
        sandbox.store.templates.remove(template_id)


def apply(
    sandbox: Sandbox,
    template_id: str,
    options: dict[str, Json] | None = None,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Document:
    """Put a template into a workflow, or make a new workflow of it.

    :param options: ``workflow_id`` (none: a new workflow with the template's name); ``mode``: ``replace`` (default) or
        ``merge``; ``offset {x, y}``: how far the template's nodes move; ``parameters``: values by name.
    :param expected_revision: of the workflow that is there.
    :param viewer: whose the new workflow is, or who must be allowed to edit the one that is there.
    :raises InvalidInput: ``bad_parameter``, ``bad_mode``.
    :raises RevisionMismatch: if the workflow is not at the expected revision.
    """
    given = {name: value for name, value in (options or {}).items() if value is not None}
    mode, offset = given.get("mode", "replace"), given.get("offset", {})
    if mode not in MODES:
        raise InvalidInput(f"The mode is one of {', '.join(MODES)}, not '{mode}'.", code="bad_mode")
    with sandbox.turn() as now:
        template = sandbox.store.templates.get(template_id)
        graph = {"nodes": template.nodes, "connections": template.connections}
        graph = fill_in(graph, template.parameters, given.get("parameters", {}))
        check_shape(graph["nodes"], graph["connections"])
        nodes, connections = clean_graph(moved(graph["nodes"], offset), graph["connections"])
        if "workflow_id" not in given:
            return render(sandbox, _add(sandbox, template, nodes, connections, now, viewer.user_id))
        check(sandbox, viewer, "workflow", given["workflow_id"], "edit")
        workflow = sandbox.store.workflows.get(given["workflow_id"])
        check_revision(workflow, expected_revision)
        save(sandbox, workflow, now, viewer=viewer, **_placed(workflow, template, mode, nodes, connections))
        return render(sandbox, workflow)


def export(sandbox: Sandbox, template_id: str) -> dict[str, Json]:
    """The template in an envelope, to be kept or imported elsewhere; secrets are blank in it."""
    with sandbox.view() as now:
        template = sandbox.store.templates.get(template_id)
        written = {name: getattr(template, name) for name in FIELDS}
        return {
            "format": FORMAT,
            "exported_at": iso(now),
            "template": blank_secrets(written, sandbox.registry.get),
        }


def _texts(template: Template) -> list[str]:
    return [template.name, template.description, template.category, *template.tags]


def _given(document: dict[str, Json]) -> dict[str, Json]:
    return {name: document[name] for name in FIELDS if document.get(name) is not None}


def _from_workflow(sandbox: Sandbox, document: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    if document.get("workflow_id") is None:
        return {}
    check(sandbox, viewer, "workflow", document["workflow_id"])
    workflow = sandbox.store.workflows.get(document["workflow_id"])
    return {name: getattr(workflow, name) for name in FIELDS if hasattr(workflow, name)}


def _fields(given: dict[str, Json]) -> dict[str, Json]:
    nodes, connections = clean_graph(given.get("nodes", []), given.get("connections", []))
    empty = {"name": DEFAULT_NAME, "description": "", "category": DEFAULT_CATEGORY, "tags": [], "parameters": []}
    viewport = given.get("viewport", dict(DEFAULT_VIEWPORT))
    return empty | given | {"viewport": viewport, "nodes": nodes, "connections": connections}


def _check(sandbox: Sandbox, fields: dict[str, Json]) -> None:
    check_graph_size(fields, sandbox.limits)
    check_writable(fields)
    check_declared(fields["parameters"], fields)


def _add(
    sandbox: Sandbox, template: Template, nodes: list[Json], connections: list[Json], now: int, owner_id: str
) -> Workflow:
    taken = {"name": template.name, "description": template.description, "tags": template.tags}
    fields = fresh_fields(taken | {"nodes": nodes, "connections": connections, "viewport": template.viewport})
    check_graph_size(fields, sandbox.limits)
    check_writable(fields)
    return add(sandbox, fields, now, owner_id)


def _placed(
    workflow: Workflow, template: Template, mode: str, nodes: list[Json], connections: list[Json]
) -> dict[str, Json]:
    """The fields of a workflow with a template's graph in it."""
    if mode == "replace":
        return {"nodes": nodes, "connections": connections, "viewport": template.viewport}
    return merge(workflow.nodes, workflow.connections, nodes, connections)

"""Templates: ready-made workflows to start from."""

from __future__ import annotations

from typing import Any

import orjson

from ..services import templates
from ..services.exchange import read_template
from ..web.addresses import here
from ..web.body import load, read_body, read_json
from ..web.conditional import etag_of, expected_revision, tagged
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import Body, operation
from ..web.paging import paged
from ..web.query import read_listing
from ..web.reply import to_json
from ..web.restful import Resource
from .answers import GRAPH, IMPORTED, LISTING, PAGING
from .nodes import expected
from .schemas import queries
from .schemas import templates as schemas
from .schemas.workflows import IMPORT, WORKFLOW

_CREATED: dict[str, Any] = {
    "gives": schemas.TEMPLATE,
    "status": 201,
    "answer_headers": ("Location", "ETag"),
}
_ERRORS = (*GRAPH, "too_many_templates", "bad_parameter")


class Templates(Resource):
    """All templates."""

    @operation(
        "listTemplates", query=queries.TEMPLATES, gives=schemas.TEMPLATE_PAGE, answer_headers=PAGING, errors=LISTING
    )
    def get(self) -> Any:
        """List templates, the last changed first.

        They are summaries, with counts in the place of the graph.
        """
        return paged(templates.list_templates(current_sandbox(), read_listing(), viewer=current_viewer()))

    @operation(
        "createTemplate",
        body=schemas.TEMPLATE_BODY,
        once=True,
        errors=(*_ERRORS, "no_graph", "workflow_not_found"),
        **_CREATED,
    )
    def post(self) -> Any:
        """Create a template.

        It is made of a graph, or of a workflow that is there. Its parameters must point at places in the graph,
        else they are refused with 422 ``bad_parameter``.
        """
        return _created(templates.create(current_sandbox(), read_body(), viewer=current_viewer()))


class Template(Resource):
    """One template."""

    @operation("getTemplate", gives=schemas.TEMPLATE, tagged=True)
    def get(self, template_id: str) -> Any:
        """Get a template with its graph.

        Its parameters say what may be filled in when it is applied.
        """
        template = templates.get(current_sandbox(), template_id)
        return tagged(template, _etag(template))

    @operation(
        "replaceTemplate",
        body=schemas.TEMPLATE_CHANGE,
        gives=schemas.TEMPLATE,
        answer_headers=("ETag",),
        if_match=True,
        errors=(*GRAPH, "bad_parameter"),
    )
    def put(self, template_id: str) -> Any:
        """Replace a template.

        Members that are not sent stay, and so do workflows that were made from it.

        ``If-Match`` refuses the change with 412 if somebody saved in between; without it, whoever saves last
        wins.
        """
        body, revision = read_body(), _expected(template_id)
        template = templates.replace(current_sandbox(), template_id, body, expected_revision=revision)
        return template, 200, {"ETag": _etag(template)}

    @operation("deleteTemplate", if_match=True)
    def delete(self, template_id: str) -> Any:
        """Delete a template.

        Workflows that were made from it stay.

        ``If-Match`` refuses the change with 412 if somebody saved in between; without it, whoever saves last
        wins.
        """
        templates.delete(current_sandbox(), template_id, expected_revision=_expected(template_id))
        return None, 204


class TemplateApply(Resource):
    """A template that becomes a workflow, or a part of one."""

    @operation(
        "applyTemplate",
        body=Body(schemas.APPLY_BODY, required=False),
        gives=WORKFLOW,
        answer_headers=("Location", "ETag"),
        if_match=True,
        once=True,
        needs="view",
        errors=(
            *GRAPH,
            "bad_graph",
            "not_writable",
            "workflow_not_found",
            "not_permitted",
            "too_many_workflows",
            "bad_parameter",
        ),
    )
    def post(self, template_id: str) -> Any:
        """Put a template into a workflow, or make a new one of it.

        Without ``workflow_id`` a new workflow is made. Else the graph takes the place of the one that is there
        (``replace``), or comes beside it (``merge``): ids that are taken change then, and whatever names them
        follows. An execution that is under way keeps the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        options = read_body()
        target = options.get("workflow_id")
        revision = None if target is None else expected(target)
        document = templates.apply(
            current_sandbox(), template_id, options, expected_revision=revision, viewer=current_viewer()
        )
        return to_json(document.body, 200, {"ETag": document.etag, "Location": here("workflows", document.id)})


class TemplateExport(Resource):
    """A template to take elsewhere."""

    @operation("exportTemplate", gives=schemas.TEMPLATE_EXPORT)
    def get(self, template_id: str) -> Any:
        """Export a template.

        It comes in an envelope, to be kept, or imported elsewhere. Secrets are blank in it: what a node type
        marks as one, and what is named like one.
        """
        return templates.export(current_sandbox(), template_id)


class TemplateImport(Resource):
    """Templates from elsewhere."""

    @operation("importTemplate", body=Body(IMPORT), once=True, errors=(*_ERRORS, *IMPORTED), **_CREATED)
    def post(self) -> Any:
        """Import a template.

        A new one is made of an export of this server, of a template, or of any workflow that can be imported.
        """
        document = load(schemas.TEMPLATE_CHANGE, read_template(read_json()))
        return _created(templates.create(current_sandbox(), document, viewer=current_viewer()))


def _created(template: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    return template, 201, {"Location": here("templates", template["id"]), "ETag": _etag(template)}


def _etag(template: dict[str, Any]) -> str:
    return f'"{template["revision"]}-{etag_of(orjson.dumps(template))[1:]}'


def _expected(template_id: str) -> int | None:
    return expected_revision(lambda: templates.get(current_sandbox(), template_id)["revision"])

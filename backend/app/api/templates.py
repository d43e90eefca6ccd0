"""Templates: ready-made workflows to start from."""

from __future__ import annotations

from typing import Any

import orjson

from ..services import templates
from ..web.addresses import here
from ..web.body import read_body, read_json
from ..web.conditional import etag_of, expected_revision, tagged
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.paging import paged
from ..web.query import read_listing
from ..web.reply import to_json
from ..web.restful import Resource
from .nodes import expected
from .schemas import queries
from .schemas.library import APPLY_BODY, TEMPLATE_BODY


class Templates(Resource):
    """All templates."""

    def get(self) -> Any:
        """A page of summaries."""
        return paged(templates.list_templates(current_sandbox(), read_listing(queries.TEMPLATES)))

    @idempotent
    def post(self) -> Any:
        """A new template, of a graph or of a workflow."""
        return _created(templates.create(current_sandbox(), read_body(TEMPLATE_BODY)))


class Template(Resource):
    """One template."""

    def get(self, template_id: str) -> Any:
        """The template with its graph."""
        template = templates.get(current_sandbox(), template_id)
        return tagged(template, _etag(template))

    def put(self, template_id: str) -> Any:
        """Put another template in its place."""
        body, revision = read_body(TEMPLATE_BODY), _expected(template_id)
        template = templates.replace(current_sandbox(), template_id, body, expected_revision=revision)
        return template, 200, {"ETag": _etag(template)}

    def delete(self, template_id: str) -> Any:
        """Delete the template; what was made from it stays."""
        templates.delete(current_sandbox(), template_id, expected_revision=_expected(template_id))
        return None, 204


class TemplateApply(Resource):
    """A template that becomes a workflow, or a part of one."""

    @idempotent
    def post(self, template_id: str) -> Any:
        """Put the template's graph into a workflow; without ``workflow_id`` into a new one."""
        options = read_body(APPLY_BODY, required=False)
        target = options.get("workflow_id")
        revision = None if target is None else expected(target)
        document = templates.apply(current_sandbox(), template_id, options, expected_revision=revision)
        return to_json(document.body, 200, {"ETag": document.etag, "Location": here("workflows", document.id)})


class TemplateExport(Resource):
    """A template to take elsewhere."""

    def get(self, template_id: str) -> Any:
        """The template in an envelope; secrets are blank in it."""
        return templates.export(current_sandbox(), template_id)


class TemplateImport(Resource):
    """Templates from elsewhere."""

    @idempotent
    def post(self) -> Any:
        """A new template from an export, or from a workflow."""
        return _created(templates.import_(current_sandbox(), read_json()))


def _created(template: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    return template, 201, {"Location": here("templates", template["id"]), "ETag": _etag(template)}


def _etag(template: dict[str, Any]) -> str:
    return f'"{template["revision"]}-{etag_of(orjson.dumps(template))[1:]}'


def _expected(template_id: str) -> int | None:
    return expected_revision(lambda: templates.get(current_sandbox(), template_id)["revision"])

"""Versions of a workflow: what its document was at earlier revisions."""

from __future__ import annotations

from typing import Any

from ..services import versions
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.operation import operation
from ..web.query import read_query
from ..web.reply import to_json
from ..web.restful import Resource
from .nodes import asked
from .schemas import versions as schemas
from .schemas.workflows import WORKFLOW


class Versions(Resource):
    """All versions of a workflow."""

    @operation("listVersions", gives=schemas.VERSIONS)
    def get(self, workflow_id: str) -> Any:
        """List the versions of a workflow, the newest first.

        Every save that changes the document makes one, which is the current one then. So many are kept as the
        setting ``max_versions`` says; of more, the oldest without a label goes first.
        """
        return {"items": versions.list_versions(current_sandbox(), workflow_id)}


class Version(Resource):
    """One version of a workflow."""

    @operation("getVersion", gives=schemas.VERSION)
    def get(self, workflow_id: str, version: str) -> Any:
        """Get a version of a workflow with its document.

        ``workflow`` is the document as it was saved; PUT to the workflow takes it as it is.
        """
        return versions.get(current_sandbox(), workflow_id, version)

    @operation("updateVersion", body=schemas.VERSION_LABEL, gives=schemas.VERSION)
    def patch(self, workflow_id: str, version: str) -> Any:
        """Call a version of a workflow something.

        One that has a label is kept longer than those without. The workflow stays as it is, its revision too.
        """
        return versions.label(current_sandbox(), workflow_id, version, read_body()["label"])


class VersionDifferences(Resource):
    """What is different between two versions of a workflow."""

    @operation("compareVersions", query=schemas.DIFFERENCES_QUERY, gives=schemas.DIFFERENCES)
    def get(self, workflow_id: str, version: str) -> Any:
        """Compare two versions of a workflow.

        It is told what turns the older one into the newer one: nodes and connections that were added, removed
        and changed, and every other value that is another one. The oldest version that is kept is compared with
        itself if nothing else is asked for.
        """
        return versions.differences(current_sandbox(), workflow_id, version, read_query()["with"])


class VersionRestore(Resource):
    """The return to a version of a workflow."""

    @operation("restoreVersion", gives=WORKFLOW, answer_headers=("ETag",), if_match=True, once=True)
    def post(self, workflow_id: str, version: str) -> Any:
        """Restore a version of a workflow.

        The document becomes that of the version again, as a new revision: what was saved in between stays among
        the versions. If the document is the same already, nothing changes. An execution that is under way keeps
        the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        document = versions.restore(current_sandbox(), workflow_id, version, **asked(workflow_id))
        return to_json(document.body, 200, {"ETag": document.etag})

"""Sharing workflows with users, and with whoever has a link."""

from __future__ import annotations

from typing import Any

from ..services import shares
from ..services.workflows import drawable
from ..web.addresses import root
from ..web.body import read_body
from ..web.conditional import tagged
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import Answer, operation
from ..web.query import read_query
from ..web.reply import JSON
from ..web.restful import Resource
from .schemas import queries
from .schemas import shares as schemas
from .schemas.workflows import REACT_FLOW

Json = Any

_SHARED_ALREADY = {200: Answer({JSON: schemas.SHARE}, about="It was shared with them already; the permission is new.")}
_LINKED_ALREADY = {200: Answer({JSON: schemas.SHARE_LINK}, about="There is a link already, and it stays.")}


class Shares(Resource):
    """The shares of a workflow."""

    @operation("listShares", gives=schemas.SHARES)
    def get(self, workflow_id: str) -> Any:
        """With whom a workflow is shared.

        Whoever sees the workflow sees that, too, and what they may do with it themselves. The link is for its
        owner only.
        """
        told = shares.show(current_sandbox(), workflow_id, viewer=current_viewer())
        return told | {"link": told["link"] and _addressed(told["link"])}

    @operation(
        "createShare",
        body=schemas.SHARE_BODY,
        gives=schemas.SHARE,
        status=201,
        also=_SHARED_ALREADY,
        once=True,
        needs="own",
        errors=("unknown_user", "shared_with_owner", "too_many_shares"),
    )
    def post(self, workflow_id: str) -> Any:
        """Share a workflow with a user.

        They find it in their list (``?shared=true``), see its executions and are told of what happens there. With
        ``edit`` they may change and execute it; deleting and sharing it are for its owner.
        """
        given = read_body()
        share, is_new = shares.share(current_sandbox(), workflow_id, given["user"], given["permission"])
        return share, 201 if is_new else 200


class Share(Resource):
    """A user with whom a workflow is shared."""

    @operation("updateShare", body=schemas.SHARE_CHANGE, gives=schemas.SHARE, needs="own")
    def patch(self, workflow_id: str, user_id: str) -> Any:
        """Change what a user may do with a shared workflow.

        From ``view`` to ``edit``, or back.
        """
        return shares.change(current_sandbox(), workflow_id, user_id, read_body()["permission"])

    @operation("deleteShare", needs="view", errors=("not_permitted",))
    def delete(self, workflow_id: str, user_id: str) -> Any:
        """Share a workflow with a user no more.

        Its owner may do that, and the user themselves, who leaves so. From then on it is not there for them.
        """
        shares.end(current_sandbox(), workflow_id, user_id, viewer=current_viewer())
        return None, 204


class ShareLink(Resource):
    """The link of a workflow."""

    @operation("createShareLink", gives=schemas.SHARE_LINK, status=201, also=_LINKED_ALREADY, once=True, needs="own")
    def post(self, workflow_id: str) -> Any:
        """Make a link that shows a workflow.

        Whoever has it sees the workflow as it is at that moment, without a login, and may do nothing else with it.
        If there is one already, it stays.
        """
        link, is_new = shares.make_link(current_sandbox(), workflow_id)
        return _addressed(link), 201 if is_new else 200

    @operation("deleteShareLink", needs="own")
    def delete(self, workflow_id: str) -> Any:
        """Revoke the link of a workflow.

        It leads nowhere then; the next one is another one. Where there is none, nothing happens.
        """
        shares.revoke_link(current_sandbox(), workflow_id)
        return None, 204


class SharedWorkflow(Resource):
    """A workflow behind a link."""

    @operation(
        "getSharedWorkflow",
        query=queries.WORKFLOW,
        gives=(schemas.SHARED_WORKFLOW, REACT_FLOW),
        tagged=True,
    )
    def get(self, share_token: str) -> Any:
        """Look at a shared workflow.

        For whoever has the link, without a login. It is the document as it is now, with an empty text in the place
        of every secret; with ``?shape=reactflow`` it is just what ``toObject()`` gives.
        """
        shape = read_query()["shape"]
        shown = shares.follow_link(current_sandbox(), share_token)
        return tagged(shown if shape is None else _drawn(shown))


def _drawn(shown: dict[str, Json]) -> dict[str, Json]:
    return drawable({"nodes": shown["nodes"], "edges": shown["connections"], "viewport": shown["viewport"]})


def _addressed(link: dict[str, Json]) -> dict[str, Json]:
    """The link with an address that says the sandbox by itself: whoever follows it sends no header."""
    return link | {"url": root().rstrip("/") + link["url"]}

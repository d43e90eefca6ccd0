"""API keys: for programs, which cannot log in."""

from __future__ import annotations

from typing import Any

from ..services import api_keys
from ..web.addresses import here
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import operation
from ..web.restful import Resource
from .auth import SECRET
from .schemas import accounts as schemas


class ApiKeys(Resource):
    """The keys of whoever asks."""

    @operation("listApiKeys", gives=schemas.API_KEYS)
    def get(self) -> Any:
        """List one's API keys, oldest first.

        They come all at once, without the keys themselves.
        """
        return {"items": api_keys.list_keys(current_sandbox(), current_viewer().user_id)}

    # An Idempotency-Key would have the server keep the key itself.
    @operation(
        "createApiKey",
        body=schemas.API_KEY_BODY,
        gives=schemas.NEW_API_KEY,
        status=201,
        answer_headers=("Location",),
        errors=("expires_in_the_past", "too_many_api_keys"),
    )
    def post(self) -> Any:
        """Make an API key.

        Only this answer has the key itself. It is shown as ``Authorization: Bearer`` or as ``X-API-Key``, and may do
        whatever its user may.
        """
        key = api_keys.create(current_sandbox(), current_viewer().user_id, read_body())
        return key, 201, {"Location": here("auth", "api-keys", key["id"]), **SECRET}


class ApiKey(Resource):
    """One key."""

    @operation("getApiKey", gives=schemas.API_KEY)
    def get(self, api_key_id: str) -> Any:
        """Get an API key, without the key itself.

        Those of others are not there for one.
        """
        return api_keys.get(current_sandbox(), current_viewer().user_id, api_key_id)

    @operation("revokeApiKey")
    def delete(self, api_key_id: str) -> Any:
        """Revoke an API key.

        It is refused from now on, and so are the tokens for addresses that were made with it.
        """
        api_keys.revoke(current_sandbox(), current_viewer().user_id, api_key_id)
        return None, 204

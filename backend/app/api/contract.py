"""The contract: what this server promises, told by itself."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..contract.publishing import published
from ..web.addresses import root
from ..web.checks import mapping
from ..web.conditional import etag_of, has_already, tagged
from ..web.operation import operation
from ..web.reply import to_json
from ..web.restful import Resource
from .answers import LINKING

YAML = "application/yaml"


class ContractAsJson(Resource):
    """The contract in JSON."""

    @operation("getContract", gives=mapping.schema, tagged=True, errors=LINKING)
    def get(self) -> Any:
        """This contract in JSON, as OpenAPI 3.1.

        Where a sandbox was chosen by path, its addresses begin there.
        """
        return tagged(published().as_json(root()))


class ContractAsYaml(Resource):
    """The contract in YAML."""

    produces = (YAML,)

    @operation("getContractAsYaml", media={YAML: mapping.schema}, tagged=True, errors=LINKING)
    def get(self) -> Any:
        """This contract in YAML, as OpenAPI 3.1.

        It says the same as the one in JSON.
        """
        content = published().as_yaml(root())
        etag = {"ETag": etag_of(content)}
        if has_already(etag["ETag"]):
            return to_json(None, 304, etag)
        return Response(content, headers=etag, content_type=YAML)

"""The contract: what this server promises, told by itself."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..contract.publishing import published
from ..web.addresses import root
from ..web.conditional import tagged
from ..web.operation import operation
from ..web.restful import Resource

YAML = "application/yaml"


class Contract(Resource):
    """The contract in JSON."""

    @operation("getContract", gives={"type": "object", "additionalProperties": True}, tagged=True)
    def get(self) -> Any:
        """This contract in JSON, as OpenAPI 3.1.

        Where a sandbox was chosen by path, its addresses begin there.
        """
        return tagged(published().as_json(root()))


class ContractYaml(Resource):
    """The contract in YAML."""

    produces = (YAML,)

    @operation("getContractAsYaml", media={YAML: {"type": "string"}})
    def get(self) -> Any:
        """This contract in YAML, as OpenAPI 3.1.

        It says the same as the one in JSON.
        """
        return Response(published().as_yaml(), content_type=YAML)

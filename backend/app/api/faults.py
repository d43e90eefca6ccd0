"""Faults on purpose: the rules that bend requests and nodes."""

from __future__ import annotations

from typing import Any

from ..services import faults
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import faults as schemas

_ERRORS = ("duplicate_rule", "too_many_faults")


class Faults(Resource):
    """All rules of a sandbox, in the order in which they are asked."""

    @operation("listFaults", gives=schemas.RULES)
    def get(self) -> Any:
        """List the fault rules, and how often each applied.

        They come in the order in which they are asked.
        """
        return faults.list_rules(current_sandbox())

    @operation("replaceFaults", body=schemas.RULES_BODY, gives=schemas.RULES, errors=_ERRORS)
    def put(self) -> Any:
        """Replace all fault rules.

        Their counts begin anew. Streams that are open keep the rule that they were opened with.
        """
        return faults.replace(current_sandbox(), read_body())

    @operation("createFault", body=schemas.RULE_BODY, gives=schemas.RULE, status=201, once=True, errors=_ERRORS)
    def post(self) -> Any:
        """Add a fault rule behind the others.

        The first rule that applies answers, and those behind it are not asked.
        """
        return faults.append(current_sandbox(), read_body()), 201

    @operation("deleteFaults")
    def delete(self) -> Any:
        """Forget all fault rules.

        Streams that are open keep the rule that they were opened with.
        """
        faults.clear(current_sandbox())
        return None, 204

"""Faults on purpose: the rules that bend requests and nodes."""

from __future__ import annotations

from typing import Any

from ..services import faults
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.restful import Resource
from .schemas.faults import RULE_BODY, RULES_BODY


class Faults(Resource):
    """All rules of a sandbox, in the order in which they are asked."""

    def get(self) -> Any:
        """The rules, with how often each matched and applied."""
        return faults.list_rules(current_sandbox())

    def put(self) -> Any:
        """Put these rules in the place of all others."""
        return faults.replace(current_sandbox(), read_body(RULES_BODY))

    @idempotent
    def post(self) -> Any:
        """One more rule, behind the others."""
        return faults.append(current_sandbox(), read_body(RULE_BODY)), 201

    def delete(self) -> Any:
        """Forget all rules."""
        faults.clear(current_sandbox())
        return None, 204

"""What was deleted is gone: nothing below its address answers any more, as the contract says of each thing."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from app.contract.operations import variables_of
from tests.fuzz.examples import add_examples, ids_for
from tests.fuzz.stage import Stage

Json = Any


class Call(NamedTuple):
    """One operation."""

    method: str
    path: str
    told: Json
    """What the contract says of it."""

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def is_ours(self) -> bool:
        """Whether it is of our own API: the doors of other backends know no codes."""
        return not self.told["operationId"].startswith(("django", "webui"))

    @property
    def refusals(self) -> list[str]:
        """The codes of its 404."""
        content = self.told["responses"].get("404", {}).get("content", {})
        return [
            code for media in content.values() for code in media["schema"]["allOf"][1]["properties"]["code"]["enum"]
        ]


class Contract:
    """All operations, and a stage to call them on."""

    def __init__(self) -> None:
        self.stage = Stage(forgetful=False)
        self.client = self.stage.app.test_client()
        document = self.client.get("/openapi.json").get_json()
        add_examples(document, self.stage)
        self.calls = [
            Call(method, path, told) for path, item in document["paths"].items() for method, told in item.items()
        ]

    def deletes(self) -> list[Call]:
        """What deletes one thing; a webhook starts something with each method."""
        deletes = [call for call in self.calls if call.method == "delete" and call.path.rstrip("/").endswith("}")]
        return [call for call in deletes if "{webhook_id}" not in call.path]

    def below(self, path: str) -> list[Call]:
        """What is done to a thing, or to a part of it; a handshake needs a server that holds a connection."""
        within = f"{path.rstrip('/')}/"
        found = [call for call in self.calls if call.path == path or call.path.startswith(within)]
        return [call for call in found if "101" not in call.told["responses"]]

    def ask(self, call: Call, ids: dict[str, str]) -> Any:
        """The answer to one call."""
        content = call.told.get("requestBody", {}).get("content", {}).get("application/json")
        body = {} if content is None else {"json": content.get("example", {})}
        return self.client.open(call.path.format(**ids), method=call.method.upper(), **body)


CONTRACT = Contract()


@pytest.fixture(autouse=True)
def clear() -> None:
    CONTRACT.stage.clear()


@pytest.mark.parametrize("delete", CONTRACT.deletes(), ids=str)
def test_nothing_below_the_address_of_a_deleted_thing_answers(delete: Call) -> None:
    """Each operation is called twice with the same: with the thing there, and with the thing gone."""
    name = variables_of(delete.path)[-1]
    code = f"{name.removesuffix('_id')}_not_found"
    assert not delete.is_ours or code in delete.refusals
    for call in CONTRACT.below(delete.path):
        ids = ids_for(delete.told["operationId"], CONTRACT.stage)
        CONTRACT.stage.clear()
        before = CONTRACT.ask(call, ids)
        assert before.status_code != 404, f"{call}: {before.text}"
        CONTRACT.stage.clear()
        assert CONTRACT.ask(delete, ids).status_code in (200, 204)
        after = CONTRACT.ask(call, ids)
        if makes_it_anew(call):
            assert after.status_code == 201, f"{call}: {after.text}"
        else:
            assert (after.status_code, after.get_json().get("code", code)) == (404, code), f"{call}: {after.text}"


@pytest.mark.parametrize("delete", CONTRACT.deletes(), ids=str)
def test_a_list_has_no_deleted_thing(delete: Call) -> None:
    above = f"GET {delete.path.rstrip('/').rpartition('/')[0]}"
    lists = [call for call in CONTRACT.calls if str(call).rstrip("/") == above]
    ids = ids_for(delete.told["operationId"], CONTRACT.stage)
    key = ids[variables_of(delete.path)[-1]]
    # Ids that are numbers look like others that are not.
    name = f'"id":{key},' if key.isdigit() else f'"{key}"'
    assert name in CONTRACT.ask(lists[0], ids).text
    CONTRACT.ask(delete, ids)
    assert name not in CONTRACT.ask(lists[0], ids).text


def makes_it_anew(call: Call) -> bool:
    """Whether the contract lets a call make what is not there, at an address that its caller chose."""
    return call.method == "put" and "201" in call.told["responses"]

"""Sharing workflows: who may do what with them then, and what a link shows to whoever has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Limits, Settings
from app.sandbox import Sandbox, Sandboxes
from app.services.keeping import Keeper
from app.web.current import EXTENSION
from tests import person as people
from tests.editor import line, node

Json = Any
W = "/api/workflows"
USUAL = Settings(pace="stopped", scenario="empty", seed=7, check_contract="fail", auth="required")
OPEN = replace(USUAL, auth="off")
SECRET = {"id": "ask", "type": "http_request", "data": {"config": {"url": "https://a.example", "api_key": "s3cret"}}}


class Person(people.Person):
    """A user who has logged in, or somebody who has not."""

    def creates(self, **fields: Json) -> str:
        """The path of a new workflow."""
        graph = {"nodes": [node("a"), node("b")], "connections": [line("a-b")]}
        return f"{W}/{self('POST', W, graph | fields).json['id']}"

    def sees(self, query: str = "") -> list[str]:
        """The names of the workflows in the list."""
        return [item["name"] for item in self("GET", f"{W}?sort=name&{query}").json["items"]]


@pytest.fixture
def settings() -> Settings:
    """Everybody logs in."""
    return USUAL


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    """A server that has its users."""
    return create_app(settings).test_client()


@pytest.fixture
def sandbox(client: FlaskClient) -> Sandbox:
    """The sandbox of that server."""
    sandboxes: Sandboxes = client.application.extensions[EXTENSION]
    return sandboxes.get()


@pytest.fixture
def demo(client: FlaskClient) -> Person:
    """Whose the workflows are."""
    return Person(client, "demo")


@pytest.fixture
def alice(client: FlaskClient) -> Person:
    """With whom they are shared."""
    return Person(client, "alice")


def refused(response: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, response.json["code"]


def test_nobody_else_sees_a_workflow_until_it_is_shared(demo: Person, alice: Person) -> None:
    path = demo.creates(name="Mine")
    assert refused(alice("GET", path)) == (404, "workflow_not_found")
    assert demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"}).status_code == 201
    assert alice("GET", path).json["name"] == "Mine"
    assert alice.sees() == ["Mine"]


def test_who_may_view_may_not_change_execute_share_or_delete(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    for method, place, body in (
        ("PATCH", path, {"name": "Theirs"}),
        ("POST", f"{path}/execute", {}),
        ("POST", f"{path}/shares", {"user": "admin", "permission": "view"}),
        ("POST", f"{path}/share-link", None),
        ("DELETE", path, None),
    ):
        assert refused(alice(method, place, body)) == (403, "not_permitted")


def test_who_may_edit_may_change_and_execute_and_not_share_or_delete(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    assert alice("PATCH", path, {"name": "Ours"}).status_code == 200
    assert alice("POST", f"{path}/execute", {}).status_code == 202
    assert demo("GET", path).json["name"] == "Ours"
    for method, place, body in (
        ("POST", f"{path}/shares", {"user": "admin", "permission": "view"}),
        ("PATCH", f"{path}/shares/us_alice", {"permission": "view"}),
        ("POST", f"{path}/share-link", None),
        ("DELETE", f"{path}/share-link", None),
        ("DELETE", path, None),
    ):
        assert refused(alice(method, place, body)) == (403, "not_permitted")


@pytest.mark.parametrize("name", ["us_alice", "alice", "ALICE", "alice@example.com"])
def test_a_user_is_named_by_id_username_or_email(demo: Person, name: str) -> None:
    response = demo("POST", f"{demo.creates()}/shares", {"user": name, "permission": "view"})
    assert response.json == {"user": {"id": "us_alice", "username": "alice", "name": "Alice"}, "permission": "view"}


def test_everybody_who_sees_it_is_told_with_whom_it_is_shared(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    told = demo("GET", f"{path}/shares").json
    assert told["owner"] == {"id": "us_demo", "username": "demo", "name": "Demo"}
    assert [(item["user"]["username"], item["permission"]) for item in told["items"]] == [("alice", "view")]
    assert (told["permission"], told["link"]) == ("own", None)
    assert alice("GET", f"{path}/shares").json == told | {"permission": "view"}


def test_only_the_owner_is_shown_the_link(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    link = demo("POST", f"{path}/share-link").json
    assert demo("GET", f"{path}/shares").json["link"] == link
    assert alice("GET", f"{path}/shares").json["link"] is None


def test_sharing_once_more_changes_the_permission(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    again = demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    assert (again.status_code, again.json["permission"]) == (200, "edit")
    assert alice("PATCH", path, {"name": "Ours"}).status_code == 200


def test_a_permission_can_be_changed_to_less(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    assert demo("PATCH", f"{path}/shares/us_alice", {"permission": "view"}).json["permission"] == "view"
    assert refused(alice("PATCH", path, {"name": "Ours"})) == (403, "not_permitted")


def test_a_share_can_be_ended_by_the_owner_or_by_who_leaves(client: FlaskClient, demo: Person, alice: Person) -> None:
    path, admin = demo.creates(), Person(client, "admin")
    for person in (demo, alice, admin):
        demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
        assert person("DELETE", f"{path}/shares/us_alice").status_code == 204
        assert alice("GET", path).status_code == 404
    assert refused(demo("DELETE", f"{path}/shares/us_alice")) == (404, "user_not_found")


def test_nobody_ends_the_share_of_somebody_else(demo: Person, alice: Person) -> None:
    path = demo.creates()
    for name in ("alice", "admin"):
        demo("POST", f"{path}/shares", {"user": name, "permission": "edit"})
    response = alice("DELETE", f"{path}/shares/us_admin")
    assert refused(response) == (403, "not_permitted")
    assert (response.json["permission"], response.json["needed"]) == ("edit", "own")
    assert len(demo("GET", f"{path}/shares").json["items"]) == 2


@pytest.mark.parametrize(("name", "code"), [("nobody", "unknown_user"), ("demo", "shared_with_owner")])
def test_with_some_it_cannot_be_shared(demo: Person, name: str, code: str) -> None:
    path = demo.creates()
    response = demo("POST", f"{path}/shares", {"user": name, "permission": "view"})
    assert refused(response) == (422, code)
    assert response.json["errors"][0]["pointer"] == "/user"
    assert demo("GET", f"{path}/shares").json["items"] == []


def test_a_permission_that_there_is_not_is_refused(demo: Person) -> None:
    response = demo("POST", f"{demo.creates()}/shares", {"user": "alice", "permission": "own"})
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "/permission")


@pytest.mark.parametrize("settings", [replace(USUAL, limits=Limits(max_shares=1))])
def test_a_workflow_is_shared_with_no_more_users_than_there_may_be(demo: Person) -> None:
    path = demo.creates()
    share = {"user": "alice", "permission": "view"}
    assert [demo("POST", f"{path}/shares", share).status_code for _ in range(2)] == [201, 200]
    response = demo("POST", f"{path}/shares", {"user": "admin", "permission": "view"})
    assert (refused(response), response.json["setting"]) == ((422, "too_many_shares"), "max_shares")


def test_sharing_is_no_change_of_the_document(demo: Person) -> None:
    path = demo.creates()
    before = demo("GET", path)
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    demo("POST", f"{path}/share-link")
    after = demo("GET", path)
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert demo("PATCH", path, {"name": "Next"}, **{"If-Match": before.headers["ETag"]}).json["revision"] == 2


def test_a_change_of_the_document_leaves_the_shares(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    told = demo("POST", f"{path}/share-link").json
    alice("PUT", path, {"nodes": [node("c")], "owner_id": "us_alice", "shares": {}})
    shown = demo("GET", f"{path}/shares").json
    assert (shown["owner"]["id"], len(shown["items"]), shown["link"]) == ("us_demo", 1, told)


def test_a_copy_belongs_to_who_made_it_and_is_shared_with_nobody(demo: Person, alice: Person) -> None:
    path = demo.creates(name="Plan")
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    demo("POST", f"{path}/share-link")
    copy = f"{W}/{alice('POST', f'{path}/duplicate').json['id']}"
    told = alice("GET", f"{copy}/shares").json
    assert (told["owner"]["id"], told["items"], told["link"]) == ("us_alice", [], None)
    assert demo("GET", copy).status_code == 404


def test_the_list_tells_ones_own_from_what_others_shared(client: FlaskClient, demo: Person, alice: Person) -> None:
    for name in ("Kept", "Shared"):
        path = demo.creates(name=name)
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    alice.creates(name="Hers")
    assert (alice.sees("shared=true"), alice.sees("shared=false"), alice.sees()) == (
        ["Shared"],
        ["Hers"],
        ["Hers", "Shared"],
    )
    assert (demo.sees("shared=true"), demo.sees("shared=false")) == ([], ["Kept", "Shared"])
    admin = Person(client, "admin")
    assert (admin.sees("shared=true"), admin.sees("shared=false"), len(admin.sees())) == ([], [], 3)


def test_events_are_told_to_those_who_see_the_workflow_at_the_moment(demo: Person, alice: Person) -> None:
    path = demo.creates()
    demo("PATCH", path, {"name": "One"})
    assert alice("GET", "/api/events").json["items"] == []
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    assert len(alice("GET", "/api/events").json["items"]) == len(demo("GET", "/api/events").json["items"]) > 0
    demo("DELETE", f"{path}/shares/us_alice")
    assert alice("GET", "/api/events").json["items"] == []


def test_a_link_shows_the_workflow_as_it_is_to_whoever_has_it(client: FlaskClient, demo: Person) -> None:
    path = demo.creates(name="Plan", description="For all", tags=["x"], metadata={"hidden": 1}, own="mine")
    link = demo("POST", f"{path}/share-link")
    assert (link.status_code, link.json["url"]) == (201, f"/api/shared/{link.json['token']}")
    demo("PATCH", path, {"name": "New plan"})
    shown = Person(client)("GET", link.json["url"])
    document = demo("GET", path).json
    same = ("description", "tags", "nodes", "connections", "viewport", "revision", "updated_at")
    assert shown.json == {name: document[name] for name in same} | {"name": "New plan", "owner_name": "Demo"}
    assert (shown.json["revision"], shown.headers["ETag"][0]) == (2, '"')


def test_what_a_link_shows_is_not_sent_twice(client: FlaskClient, demo: Person) -> None:
    path = demo.creates()
    url, stranger = demo("POST", f"{path}/share-link").json["url"], Person(client)
    tag = stranger("GET", url).headers["ETag"]
    assert stranger("GET", url, **{"If-None-Match": tag}).status_code == 304
    demo("PATCH", path, {"name": "New"})
    assert stranger("GET", url, **{"If-None-Match": tag}).status_code == 200


def test_a_link_shows_no_secrets(client: FlaskClient, demo: Person) -> None:
    path = demo.creates(nodes=[SECRET], connections=[])
    url = demo("POST", f"{path}/share-link").json["url"]
    for query in ("", "?shape=reactflow"):
        shown = Person(client)("GET", url + query)
        assert shown.json["nodes"][0]["data"]["config"] == {"url": "https://a.example", "api_key": ""}
    assert demo("GET", path).json["nodes"] == [SECRET]


def test_a_link_can_show_just_what_react_flow_takes(client: FlaskClient, demo: Person) -> None:
    path = demo.creates()
    url = demo("POST", f"{path}/share-link").json["url"]
    assert Person(client)("GET", f"{url}?shape=reactflow").json == demo("GET", f"{path}?shape=reactflow").json


def test_nothing_can_be_done_with_a_link_but_look(client: FlaskClient, demo: Person) -> None:
    url = demo("POST", f"{demo.creates()}/share-link").json["url"]
    stranger = Person(client)
    assert [stranger(method, url, {}).status_code for method in ("PUT", "PATCH", "POST", "DELETE")] == [405] * 4


def test_a_link_stays_until_it_is_revoked_and_the_next_is_another(client: FlaskClient, demo: Person) -> None:
    path, stranger = demo.creates(), Person(client)
    first = demo("POST", f"{path}/share-link")
    again = demo("POST", f"{path}/share-link")
    assert (again.status_code, again.json) == (200, first.json)
    assert [demo("DELETE", f"{path}/share-link").status_code for _ in range(2)] == [204, 204]
    assert refused(stranger("GET", first.json["url"])) == (404, "share_token_not_found")
    second = demo("POST", f"{path}/share-link")
    assert (second.status_code, second.json["token"] != first.json["token"]) == (201, True)
    assert stranger("GET", first.json["url"]).status_code == 404
    assert stranger("GET", second.json["url"]).status_code == 200


def test_a_link_leads_nowhere_when_its_workflow_is_gone(client: FlaskClient, demo: Person) -> None:
    path = demo.creates()
    url = demo("POST", f"{path}/share-link").json["url"]
    demo("DELETE", path)
    assert refused(Person(client)("GET", url)) == (404, "share_token_not_found")


def test_tokens_are_long_and_no_two_are_alike(demo: Person) -> None:
    tokens = {demo("POST", f"{demo.creates()}/share-link").json["token"] for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token.partition("-")[2]) for token in tokens} == {32}


def test_the_same_seed_gives_the_same_links(settings: Settings) -> None:
    def link(seed: int) -> bytes:
        person = Person(create_app(replace(OPEN, seed=seed)).test_client())
        return person("POST", f"{person.creates()}/share-link").data

    assert link(7) == link(7) != link(8)


@pytest.mark.parametrize("settings", [OPEN])
def test_an_address_of_a_link_says_the_sandbox_by_itself(client: FlaskClient) -> None:
    person = Person(client)
    for asked, headers in (("", {"X-Sandbox": "mine"}), ("/s/mine", {}), ("", {})):
        made = person("POST", asked + W, {}, **headers).json["id"]
        url = person("POST", f"{asked}{W}/{made}/share-link", **headers).json["url"]
        assert url.startswith("/s/mine/api/shared/" if asked or headers else "/api/shared/")
        assert person("GET", url).status_code == 200


@pytest.mark.parametrize("settings", [OPEN])
def test_where_nobody_logs_in_everybody_shares_as_the_owner(client: FlaskClient) -> None:
    person = Person(client)
    path = person.creates()
    assert person("POST", f"{path}/shares", {"user": "alice", "permission": "view"}).status_code == 201
    assert person("GET", f"{path}/shares").json["permission"] == "own"


@pytest.mark.parametrize("settings", [OPEN])
def test_a_share_that_is_sent_twice_is_answered_the_same_twice(client: FlaskClient) -> None:
    person = Person(client)
    path = person.creates()
    body, key = {"user": "alice", "permission": "view"}, {"Idempotency-Key": "one"}
    answers = [person("POST", f"{path}/shares", body, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.fixture
def shared(demo: Person) -> str:
    """The path of a workflow that is shared in both ways."""
    path = demo.creates()
    demo("POST", f"{path}/shares", {"user": "alice", "permission": "edit"})
    demo("POST", f"{path}/share-link")
    return path


def test_a_snapshot_keeps_shares_and_links(client: FlaskClient, demo: Person, shared: str) -> None:
    told = demo("GET", f"{shared}/shares").json
    client.post("/_control/snapshots", json={"name": "one"})
    demo("DELETE", f"{shared}/shares/us_alice")
    demo("DELETE", f"{shared}/share-link")
    client.post("/_control/snapshots/one/restore")
    assert demo("GET", f"{shared}/shares").json == told
    assert Person(client)("GET", told["link"]["url"]).status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda workflow: workflow["shares"].update(us_nobody="view"),
        lambda workflow: workflow["shares"].update(us_alice="own"),
        lambda workflow: workflow.update(owner_id="us_nobody"),
        lambda workflow: workflow.update(link=["with space", 0]),
        lambda workflow: workflow.update(link=["token", 2**62]),
    ],
)
@pytest.mark.usefixtures("shared")
def test_a_snapshot_whose_shares_do_not_fit_is_refused(client: FlaskClient, spoil: Any) -> None:
    client.post("/_control/snapshots", json={"name": "one"})
    document = client.get("/_control/snapshots/one").json
    spoil(document["workflows"][0])
    refusal = client.put("/_control/snapshots/bad", data=orjson.dumps(document), content_type="application/json")
    assert refused(refusal) == (422, "broken_snapshot")
    assert refusal.json["errors"][0]["pointer"].startswith("/workflows/0")


def test_a_snapshot_in_which_two_have_one_link_is_refused(client: FlaskClient, demo: Person, shared: str) -> None:
    assert demo("POST", f"{demo.creates()}/share-link").status_code == 201
    client.post("/_control/snapshots", json={"name": "one"})
    document = client.get("/_control/snapshots/one").json
    document["workflows"][1]["link"] = document["workflows"][0]["link"]
    refusal = client.put("/_control/snapshots/bad", data=orjson.dumps(document), content_type="application/json")
    assert refused(refusal) == (422, "broken_snapshot")


@pytest.mark.parametrize("settings", [OPEN])
def test_the_data_file_keeps_every_change_of_a_share(settings: Settings, tmp_path: Path) -> None:
    file = str(tmp_path / "kept.db")

    def serve(act: Any) -> Json:
        """Do something on a server that begins with what is in the file, and see what is there then."""
        app = create_app(settings)
        keeper = Keeper(app.extensions[EXTENSION], file)
        try:
            return act(Person(app.test_client()))
        finally:
            keeper.close()

    def shares(person: Person) -> Json:
        return person("GET", f"{path}/shares").json

    path = serve(Person.creates)
    changes: list[tuple[str, str, Json]] = [
        ("POST", "shares", {"user": "alice", "permission": "view"}),
        ("PATCH", "shares/us_alice", {"permission": "edit"}),
        ("POST", "share-link", None),
        ("DELETE", "shares/us_alice", None),
        ("DELETE", "share-link", None),
    ]
    for method, place, body in changes:

        def act(person: Person, method: str = method, place: str = place, body: Json = body) -> Json:
            before = shares(person)
            assert person(method, f"{path}/{place}", body).status_code < 300
            return before, shares(person)

        before, told = serve(act)
        assert serve(shares) == told != before

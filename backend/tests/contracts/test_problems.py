"""The catalogue of error codes: whole, true, and readable for people and for programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from http.client import responses
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.command import make_parser
from app.config import PREFIX, Limits, Settings
from app.contract.examples import read_examples
from app.contract.pages import page, problem_page
from app.contract.problems import Entry, answers, entries, failures, find_entries, issues
from app.sandbox import Sandboxes

from .codes import COMPUTED, answer_codes, computed_codes, failure_codes, issue_codes, statuses

Json = Any
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
JSON = {"Accept": "application/json"}

ENTRIES = list(entries())
NAMES = [f"{entry.kind} {entry.code}" for entry in ENTRIES]


def texts_of(entry: Entry) -> list[str]:
    return [entry.happened, entry.do]


def test_every_code_of_an_answer_has_an_entry_and_every_entry_is_a_code() -> None:
    assert answers().keys() == answer_codes().keys()


def test_every_code_of_a_failure_has_an_entry_and_every_entry_is_a_code() -> None:
    assert failures().keys() == failure_codes()


def test_every_code_of_an_issue_has_an_entry_and_every_entry_is_a_code() -> None:
    assert {code: set(issue.severities) for code, issue in issues().items()} == issue_codes()


def test_no_code_is_computed_in_a_way_that_nobody_reads() -> None:
    assert computed_codes() == COMPUTED.keys()


def test_an_answer_comes_with_the_statuses_that_the_source_gives() -> None:
    assert {code: set(answer.statuses) for code, answer in answers().items()} == statuses(answer_codes())


def test_an_example_is_of_its_code_and_has_a_title_that_the_source_gives() -> None:
    given = answer_codes()
    for code, example in read_examples()["problems"].items():
        titles = {responses[kind] if isinstance(kind, int) else kind.title for kind in given[code]}
        assert (example["code"], example["title"] in titles) == (code, True)


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_every_text_is_there_and_is_a_sentence(entry: Entry) -> None:
    assert entry.title
    assert not entry.title.endswith(".")
    for told in texts_of(entry):
        assert re.fullmatch(r"[A-Z`].{10,}\.", told), told
        assert told.count("`") % 2 == 0, told


@pytest.mark.parametrize("member", ["title", "happened", "do"])
def test_no_text_is_a_copy_of_another(member: str) -> None:
    told = [getattr(entry, member) for entry in ENTRIES]
    assert [text for text in told if told.count(text) > 1] == []


def test_settings_options_and_addresses_that_are_named_are_there(app: Flask) -> None:
    told = " ".join(text for entry in ENTRIES for text in texts_of(entry))
    settings = {PREFIX + field.name.upper() for kind in (Settings, Limits) for field in fields(kind)}
    assert set(re.findall(r"UNDERSTUDY_[A-Z_]+", told)) <= settings
    assert set(re.findall(r"`(--[a-z-]+)", told)) <= set(make_parser()._option_string_actions)
    served = {re.sub(r"<[^>]*>", "{}", rule.rule) for rule in app.url_map.iter_rules()}
    named = re.findall(r"`(?:GET |POST |PUT |PATCH |DELETE )?(/(?:api|_control|docs|problems)[^` ?]*)", told)
    assert len(named) > 30
    assert {re.sub(r"{[^}]*}", "{}", path) for path in named} - {"/api/..."} <= served


def test_a_browser_gets_a_page_and_who_prefers_json_gets_json(client: FlaskClient) -> None:
    for path in ("/problems", "/problems/bad_until"):
        for headers in (BROWSER, {}, {"Accept": "*/*"}):
            assert client.get(path, headers=headers).content_type == "text/html; charset=utf-8"
        assert client.get(path, headers=JSON).content_type == "application/json"
        assert client.get(path, headers={"Accept": "text/html;q=0.5, application/json"}).is_json
        assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_the_list_has_every_entry_and_each_leads_to_its_own(client: FlaskClient) -> None:
    items = client.get("/problems", headers=JSON).get_json()["items"]
    assert [item["code"] for item in items] == [*answers(), *failures(), *issues()]
    for item in items:
        assert item in client.get(item["url"], headers=JSON).get_json()["items"]


def test_a_code_with_several_meanings_tells_them_all(client: FlaskClient) -> None:
    items = client.get("/problems/cannot_run", headers=JSON).get_json()["items"]
    assert [item["kind"] for item in items] == ["answer", "failure"]
    html = client.get("/problems/cannot_run").get_data(as_text=True)
    assert all(item["title"] in html for item in items)


def test_every_page_links_to_what_is_there(client: FlaskClient) -> None:
    links = {link for path in ("/problems", "/problems/conflict") for link in links_of(client, path)}
    assert {"/problems", "/docs", *(f"/problems/{entry.code}" for entry in ENTRIES)} <= links
    for link in sorted(links):
        assert client.get(link, headers=BROWSER).status_code == 200, link


def test_links_stay_in_the_sandbox_of_the_request(client: FlaskClient) -> None:
    assert all(link.startswith("/s/mine/") for link in links_of(client, "/s/mine/problems/conflict"))
    assert all(link.endswith("?sandbox=mine") for link in links_of(client, "/problems?sandbox=mine"))
    for item in client.get("/s/mine/problems", headers=JSON).get_json()["items"]:
        assert item["url"] == f"/s/mine/problems/{item['code']}"


def test_a_page_is_whole_in_itself(client: FlaskClient) -> None:
    for path in ("/problems", *(f"/problems/{entry.code}" for entry in ENTRIES)):
        html = client.get(path).get_data(as_text=True).replace('<link rel="icon" href="data:,">', "")
        assert not re.search(r"<script|<link|<img|@import|url\(|(src|href)=\"(?![/#])", html), path


def test_what_is_told_is_escaped_and_backticks_are_code(app: Flask) -> None:
    with app.test_request_context("/problems"):
        html = page("<b>bold</b>") + problem_page("bad_node")
    assert "<b>" not in html
    assert "<code>{&quot;id&quot;: &quot;a&quot;" in html
    assert "`" not in html


def test_a_page_shows_the_body_as_it_comes(client: FlaskClient) -> None:
    refused = client.get("/api/workflows/nope").get_json()
    html = client.get(refused["type"]).get_data(as_text=True)
    assert "&quot;status&quot;: 404" in html
    assert f"&quot;title&quot;: &quot;{refused['title']}&quot;" in html


def test_an_unknown_code_is_not_found(client: FlaskClient, problem_of: Callable[[Any, int], Json]) -> None:
    for code in ("nope", "Conflict", "status_404", "http_200", "http_4040", "<b>", "workflow_not_found/x"):
        told = problem_of(client.get(f"/problems/{code}", headers=BROWSER), 404)
        assert told["code"] == ("unknown_url" if "/" in code else "problem_not_found")


def test_the_type_of_an_error_that_was_asked_for_leads_to_its_page(client: FlaskClient) -> None:
    for status in range(400, 600):
        asked = client.get("/api/workflows", headers={"Prefer": f"code={status}"}).get_json()
        entry = client.get(asked["type"], headers=JSON).get_json()["items"][0]
        assert (entry["kind"], entry["code"]) == ("answer", asked["code"])
        assert status in entry["statuses"]


def test_the_code_of_a_service_that_refused_tells_its_status() -> None:
    assert [(entry.kind, entry.code) for entry in find_entries("http_418")] == [("failure", "http_418")]
    assert find_entries("http_418")[0].title == failures()["http_4xx"].title


def test_the_catalogue_is_of_no_sandbox_and_never_bent(client: FlaskClient, sandboxes: Sandboxes) -> None:
    client.post("/_control/faults", json={"match": {}, "status": 503})
    headers = {"Prefer": "code=500", "X-Sandbox": "other"}
    assert client.get("/api/workflows").status_code == 503
    assert client.get("/problems", headers=headers).status_code == 200
    assert client.get("/problems/conflict", headers=headers).status_code == 200
    assert [sandbox.name for sandbox in sandboxes.alive()] == ["default"]


def test_a_server_that_wants_every_sandbox_named_shows_the_catalogue_all_the_same() -> None:
    client = create_app(Settings(scenario="empty", require_sandbox=True)).test_client()
    refused = client.get("/api/workflows").get_json()
    assert client.get(refused["type"]).status_code == 200


def links_of(client: FlaskClient, path: str) -> list[str]:
    found = re.findall(r'href="(/[^"]*)"', client.get(path, headers=BROWSER).get_data(as_text=True))
    assert found
    return found

"""Questions to people, answered where they are asked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


def asking(sandbox: SandboxClient, *nodes: Json) -> Json:
    """An execution of these nodes that waits for people."""
    placed = [{**node, "position": {"x": at * 320, "y": 0}} for at, node in enumerate(nodes)]
    workflow = sandbox.post("/api/workflows", {"name": "Ask", "nodes": placed})
    started = sandbox.post(f"/api/workflows/{workflow['id']}/execute", {"input": {"amount": 90}})
    sandbox.clock.advance(1)
    return started


def approval(name: str, prompt: str) -> Json:
    return {"id": name, "type": "approval", "data": {"label": name.title(), "config": {"prompt": prompt}}}


@pytest.fixture
def form() -> Json:
    """A form with a number that has to be filled in, and a choice."""
    fields = [
        {"name": "count", "label": "Count", "type": "number", "required": True},
        {"name": "size", "label": "Size", "type": "choice", "options": ["small", "large"]},
        {"name": "isUrgent", "label": "Urgent", "type": "boolean"},
    ]
    config = {"title": "How many?", "description": "For the order.", "fields": fields}
    return {"id": "form", "type": "form", "data": {"label": "Order form", "config": config}}


def opened(console: Console, execution: Json) -> Page:
    return console.open(f"/workflows/{execution['workflow_id']}/executions/{execution['id']}")


def card(page: Page, question: str) -> Locator:
    return page.get_by_role("region", name=question)


def test_an_approval_is_answered_in_place(console: Console) -> None:
    execution = asking(console.sandbox, approval("boss", "Pay {{ $json.amount }} EUR?"))
    page = opened(console, execution)
    question = card(page, "Pay 90 EUR?")
    question.get_by_text("What it is about").click()
    expect(question.get_by_text('"amount": 90')).to_be_visible()
    question.get_by_label("Comment").fill("Fine.")
    question.get_by_role("button", name="Reject").click()
    expect(question).to_be_hidden()
    node = console.sandbox.get(f"/api/executions/{execution['id']}")["nodes"][0]
    assert (node["status"], node["branch"]) == ("completed", "rejected")
    assert node["output"]["rejected"]["comment"] == "Fine."


def test_a_form_has_the_fields_that_are_asked_for(console: Console, form: Json) -> None:
    execution = asking(console.sandbox, form)
    question = card(opened(console, execution), "How many?")
    expect(question.get_by_text("For the order.")).to_be_visible()
    question.get_by_role("button", name="Send").click()
    expect(question.get_by_label("Count *")).to_be_focused()
    question.get_by_label("Count *").fill("3")
    question.get_by_label("Size").select_option("large")
    question.get_by_label("Urgent").check()
    question.get_by_role("button", name="Send").click()
    expect(question).to_be_hidden()
    node = console.sandbox.get(f"/api/executions/{execution['id']}")["nodes"][0]
    assert node["output"]["output"] == {"count": 3, "size": "large", "isUrgent": True}


def test_several_questions_stand_side_by_side(console: Console) -> None:
    page = opened(console, asking(console.sandbox, approval("one", "First?"), approval("two", "Second?")))
    expect(card(page, "First?")).to_be_visible()
    card(page, "Second?").get_by_role("button", name="Approve").click()
    expect(card(page, "Second?")).to_be_hidden()
    expect(card(page, "First?")).to_be_visible()


def test_a_question_can_be_put_off_and_taken_up_at_its_node(console: Console) -> None:
    page = opened(console, asking(console.sandbox, approval("boss", "Pay?")))
    card(page, "Pay?").get_by_role("button", name="Answer later").click()
    expect(card(page, "Pay?")).to_be_hidden()
    expect(page.get_by_role("button", name="1 question")).to_be_visible()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(card(page, "Pay?")).to_be_visible()


def test_nobody_answers_in_a_pause(console: Console) -> None:
    execution = asking(console.sandbox, approval("boss", "Pay?"))
    console.sandbox.post(f"/api/executions/{execution['id']}/pause")
    question = card(opened(console, execution), "Pay?")
    expect(question.get_by_text("resume it to answer")).to_be_visible()
    expect(question.get_by_role("button", name="Approve")).to_be_disabled()


def test_a_question_of_the_past_is_not_asked_again(console: Console) -> None:
    page = opened(console, asking(console.sandbox, approval("boss", "Pay?")))
    expect(card(page, "Pay?")).to_be_visible()
    page.get_by_role("button", name="Previous event").click()
    expect(card(page, "Pay?")).to_be_hidden()


def test_a_question_stands_beside_the_graph_and_not_over_it(console: Console) -> None:
    page = opened(console, asking(console.sandbox, approval("boss", "Pay?")))
    question = card(page, "Pay?").bounding_box()
    graph = page.locator(".react-flow").bounding_box()
    assert question
    assert graph
    assert question["x"] >= graph["x"] + graph["width"]

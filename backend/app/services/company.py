"""A whole company, written by chance: its workflows, and what it executed of them in the past months.

It comes as a scenario like one that somebody wrote by hand, so that the engine executes its past, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from ..config import Limits
from ..world import Chance
from .shapes import ASK, NEED_AMOUNTS, WORK, draw

Json = Any
Entry = dict[str, Json]

DAY_MINUTES = 1440.0
"""A day, as all times of a history are: in minutes."""
FAILING, STOPPED, APPROVED, WITH_INPUT = 0.06, 0.15, 0.8, 0.3
"""How likely it is that an execution fails; that one is stopped while it waits; a yes; that one brings records."""
SHAPES_UNDER_WAY = {"running": "long", "waiting": "approval", "paused": "wait", "pending": "line"}
"""The shape in which an execution can still be in such a status today."""


def found(chance: Chance, plan: dict[str, Json], limits: Limits) -> dict[str, list[Entry]]:
    """The workflows and the history of a company.

    :param plan: how many ``workflows`` and ``executions`` in how many ``days``, how many executions are ``under_way``
        in which status, and the words to make them of.
    :param limits: there will not be more than these allow.
    """
    company = _Company(chance, plan)
    workflows = company.workflows(min(plan["workflows"], limits.max_workflows))
    history = company.history(workflows, min(plan["executions"], limits.max_executions))
    return {"workflows": [workflow["document"] for workflow in workflows], "history": history}


class _Company:
    def __init__(self, chance: Chance, plan: dict[str, Json]) -> None:
        self._chance = chance.within("company")
        self._plan = plan
        rng = self._chance.rng("records")
        self._records = [_make_records(rng, plan["statuses"]) for _ in range(40)]

    def workflows(self, count: int) -> list[Entry]:
        """The workflows, oldest first: what each is called and does, and how it is drawn."""
        rng = self._chance.rng("workflows")
        names = self._names(rng, count)
        ages = sorted((rng.uniform(1, self._plan["days"]) for _ in names), reverse=True)
        return [self._workflow(place, *pair) for place, pair in enumerate(zip(names, ages, strict=True))]

    def history(self, workflows: list[Entry], count: int) -> list[Entry]:
        """Everything that was executed, and what people did about it."""
        rng = self._chance.rng("history")
        under_way = self._under_way(rng, workflows)
        past = [workflow for workflow in workflows if workflow["shape"] != "long"]
        # Some are executed all the time, many now and then, and a few never were.
        weights = [rng.random() ** 2 * workflow["age"] for workflow in past]
        drawn = rng.choices(past, weights, k=count - len(under_way)) if past else []
        times = Counter(workflow["document"]["key"] for workflow in drawn)
        happened = [entry for workflow in past for entry in self._past(workflow, times[workflow["document"]["key"]])]
        return happened + [entry for key, status in under_way.items() for entry in _still(key, status, rng)]

    def _names(self, rng: Random, count: int) -> list[Entry]:
        """What there is to do for whom; once everything has a workflow, other places get theirs."""
        departments, acts, places = self._plan["departments"], self._plan["acts"], self._plan["places"]
        pairs = [(group, thing, act) for group in departments for thing in group["things"] for act in acts]
        rng.shuffle(pairs)
        named = []
        for number in range(count):
            round_, place = divmod(number, len(pairs))
            group, thing, act = pairs[place]
            town = places[(place + round_) % len(places)] if round_ else ""
            named.append({"group": group, "thing": thing, "act": act, "town": town})
        rng.shuffle(named)
        return named

    def _workflow(self, place: int, named: Entry, age: float) -> Entry:
        rng = self._chance.rng("workflow", place)
        group, thing, act, town = named["group"], named["thing"], named["act"], named["town"]
        drawing = draw(act["shape"], thing, rng.choice(self._records), rng)
        document = {
            "key": str(place),
            "days_ago": age,
            "name": f"{thing} {act['name']}" + (f" ({town})" if town else ""),
            "description": act["description"].format(thing=thing.lower(), department=group["name"]),
            "tags": [group["name"].lower(), act["name"], *([town.lower()] if town else [])],
            "metadata": {"owner": rng.choice(group["owners"]), "department": group["name"]},
            "nodes": drawing.nodes,
            "connections": drawing.connections,
        }
        return {"shape": act["shape"], "age": age * DAY_MINUTES, "document": document}

    def _under_way(self, rng: Random, workflows: list[Entry]) -> dict[str, str]:
        """By key of its workflow, the status of each execution that has not ended."""
        chosen = {}
        for status, count in self._plan["under_way"].items():
            fitting = [workflow for workflow in workflows if workflow["shape"] == SHAPES_UNDER_WAY[status]]
            for workflow in rng.sample(fitting, min(count, len(fitting))):
                chosen[workflow["document"]["key"]] = status
        return chosen

    def _past(self, workflow: Entry, times: int) -> Iterator[Entry]:
        """So many executions of a workflow that have ended, none of them beginning before another has."""
        key, rng = workflow["document"]["key"], self._chance.rng("past", workflow["document"]["key"])
        # The last half day belongs to what is still under way.
        step = (workflow["age"] - DAY_MINUTES / 2) / max(times, 1)
        for number in range(times):
            begin = workflow["age"] - step * (number + rng.uniform(0.05, 0.45))
            entry = {"execute": key, "minutes_ago": begin, "as": f"{key}/{number}"}
            if rng.random() < FAILING:
                yield entry | self._trouble(workflow["shape"], rng)
            else:
                yield entry | ({"input": rng.choice(self._records)} if rng.random() < WITH_INPUT else {})
                yield from _reactions(workflow["shape"], entry, step, rng)

    def _trouble(self, shape: str, rng: Random) -> Entry:
        """What makes an execution fail: records that its nodes can do nothing with, or an error from outside."""
        if shape in NEED_AMOUNTS and rng.random() < 0.5:
            return {"input": [{"id": rng.randrange(1000, 9999), "note": "The figures are missing."}]}
        return {"mocks": {WORK: {"error": rng.choice(self._plan["errors"])}}}


def _reactions(shape: str, execution: Entry, step: float, rng: Random) -> Iterator[Entry]:
    """What a person did about an execution before the next one began."""
    if shape == "approval":
        decision = "approved" if rng.random() < APPROVED else "rejected"
        later = execution["minutes_ago"] - rng.uniform(0.05, 0.4) * step
        yield {"answer": execution["as"], "node": ASK, "given": {"decision": decision}, "minutes_ago": later}
    elif shape == "wait" and rng.random() < STOPPED:
        yield {"stop": execution["as"], "minutes_ago": execution["minutes_ago"] - rng.uniform(0.02, 0.3)}


def _still(key: str, status: str, rng: Random) -> Iterator[Entry]:
    """An execution that has this status today."""
    begin = rng.uniform(2, 600)
    execution = {"execute": key, "minutes_ago": begin, "as": f"{key}/today", "hold": status == "pending"}
    yield execution
    if status == "paused":
        yield {"pause": execution["as"], "minutes_ago": begin - rng.uniform(0.02, 0.3)}


def _make_records(rng: Random, statuses: list[str]) -> list[Json]:
    return [
        {
            "id": rng.randrange(1000, 9999),
            "status": rng.choice(statuses),
            "currency": rng.choice(("EUR", "EUR", "USD")),
            "amount": rng.randrange(1000, 90_000) / 100,
        }
        for _ in range(rng.randrange(3, 6))
    ]

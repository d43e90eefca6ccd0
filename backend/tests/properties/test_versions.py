"""Whatever is saved, labelled and restored: a version gives what was saved, and differences lead to another one.

What should be there is kept here a second time, by revision, in the plainest way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from app.models.user import Viewer
from app.sandbox import Sandbox
from app.services import versions, workflows
from app.services.differences import compare
from app.services.scenarios import fill

from ..unit.services.conftest import installed, make_sandbox, written
from .test_machine_properties import examples

Json = Any

NAMES = st.text("ab~/0 é", max_size=3)
LEAVES = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, -0.0, 1.0, 0.5]) | NAMES
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
IDS = st.sampled_from("abcd")
POINTS = st.fixed_dictionaries({"x": st.integers(0, 2), "y": st.sampled_from([0, 0.5])})


def parts(**fields: st.SearchStrategy[Json]) -> st.SearchStrategy[list[Json]]:
    """Nodes or connections in any order, no two with the same id."""
    extra = {"data": st.dictionaries(NAMES, VALUES, max_size=2), "label": VALUES}
    one = st.fixed_dictionaries({"id": IDS, **fields}, optional=extra)
    return st.lists(one, max_size=4, unique_by=lambda part: part["id"])


NODES = parts(position=POINTS)
CONNECTIONS = parts(source=IDS, target=IDS)
DOCUMENTS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Tea", "Chai"]),
        "description": NAMES,
        "tags": st.lists(NAMES, max_size=2),
        "nodes": NODES,
        "connections": CONNECTIONS,
        "viewport": st.just({"x": 0, "y": 0, "zoom": 1}) | st.just({"x": 0, "y": 1, "zoom": 1.0}),
        "metadata": st.dictionaries(NAMES, VALUES, max_size=2),
    },
    optional={"mine": VALUES, "a/b~": VALUES},
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), DOCUMENTS),
        st.tuples(st.just("patch"), st.fixed_dictionaries({}, optional={"name": NAMES.filter(bool), "nodes": NODES})),
        st.tuples(st.just("label"), st.integers(1, 8), st.none() | st.sampled_from(["one", "two"])),
        st.tuples(st.just("restore"), st.integers(1, 8)),
        st.tuples(st.just("wake")),
    ),
    max_size=12,
)


@dataclass
class Memory:
    """What should be kept of a workflow, by revision."""

    most: int
    saved: dict[int, Json] = field(default_factory=dict)
    labels: dict[int, str | None] = field(default_factory=dict)

    @property
    def current(self) -> int:
        """The latest revision."""
        return max(self.saved)

    def save(self, document: Json) -> None:
        """Take in the next revision, if it is another document, and forget what is too much."""
        if self.saved and exact(document) == exact(self.saved[self.current]):
            return
        revision = self.current + 1 if self.saved else 1
        if len(self.saved) == self.most:
            # The one that was current until now stays, unless there is room for no other.
            before = [one for one in self.saved if one != self.current] or [self.current]
            gone = min([one for one in before if self.labels[one] is None] or before)
            del self.saved[gone], self.labels[gone]
        self.saved[revision], self.labels[revision] = json.loads(json.dumps(document)), None


def exact(value: Json) -> str:
    """JSON as text, in which 1 is not 1.0 and the order of members is nothing."""
    return json.dumps(value, sort_keys=True)


def applied(old: Json, found: Json) -> Json:
    """The document that differences lead to."""
    new = json.loads(json.dumps(old))
    for change in found["fields"]:
        put(new, change)
    for name in ("nodes", "connections"):
        new[name] = with_parts(new[name], found[name])
    return new


def with_parts(old: list[Json], found: Json) -> list[Json]:
    by_id = {part["id"]: part for part in old}
    for change in found["changed"]:
        for one in change["changes"]:
            put(by_id[change["id"]], one)
    for part in found["removed"]:
        del by_id[part["id"]]
    by_id |= {part["id"]: part for part in found["added"]}
    return [by_id[key] for key in found["order"] or by_id]


def put(document: Json, change: Json) -> None:
    *way, last = (step.replace("~1", "/").replace("~0", "~") for step in change["pointer"].split("/")[1:])
    for step in way:
        document = document[step]
    assert ("before" in change) == (last in document)
    if "after" in change:
        document[last] = change["after"]
    else:
        del document[last]


def drawn(*nodes: Json) -> Json:
    """A document with these nodes."""
    return {"nodes": [*nodes], "connections": []}


def nothing_is(found: Json) -> bool:
    """Whether differences are none."""
    empty = {"added": [], "removed": [], "changed": [], "order": None}
    return bool(found == {"nodes": empty, "connections": empty, "fields": []})


@examples(300)
@given(DOCUMENTS, DOCUMENTS)
@example(drawn({"id": "a", "label": 1}), drawn({"id": "a", "label": 1.0}))
@example(drawn({"id": "a", "data": {"x": True}}), drawn({"id": "a", "data": {"x": 1}}))
@example(drawn({"id": "a"}, {"id": "b"}), drawn({"id": "b"}, {"id": "a"}))
def test_differences_lead_from_one_document_to_the_other(old: Json, new: Json) -> None:
    before = exact([old, new])
    found = compare(old, new)
    assert exact(applied(old, json.loads(json.dumps(found)))) == exact(new)
    assert exact(applied(new, compare(new, old))) == exact(old)
    assert nothing_is(found) == (exact(old) == exact(new))
    assert exact([old, new]) == before


@examples(200)
@given(DOCUMENTS, DOCUMENTS)
def test_a_change_of_a_part_tells_the_same_twice(old: Json, new: Json) -> None:
    found = compare(old, new)
    for name in ("nodes", "connections"):
        for change in found[name]["changed"]:
            copy = json.loads(json.dumps(change["before"]))
            for one in change["changes"]:
                put(copy, one)
            assert exact(copy) == exact(change["after"])
            assert change["changes"]


@examples(300)
@given(DOCUMENTS, ACTS, st.integers(1, 5))
@example({"nodes": []}, [("label", 1, "one"), *[("restore", 1), ("patch", {"name": "x"})] * 3, ("wake",)], 3)
def test_each_version_gives_back_exactly_what_was_saved(document: Json, acts: list[Any], most: int) -> None:
    sandbox = make_sandbox(max_versions=most)
    fill(sandbox, "empty")
    key = workflows.create(sandbox, document).id
    memory = Memory(most)
    memory.save(own(sandbox, key))
    for name, *given_ in acts:
        if name == "wake":
            sandbox = installed(written(sandbox), max_versions=most)
        else:
            obey(sandbox, key, memory, name, *given_)
        check(sandbox, key, memory)


def obey(sandbox: Sandbox, key: str, memory: Memory, name: str, *given_: Any) -> None:
    """Do something to the workflow, and to what is remembered of it."""
    if name == "replace":
        workflows.replace(sandbox, key, given_[0])
        memory.save(own(sandbox, key))
    elif name == "patch":
        workflows.patch(sandbox, key, given_[0], viewer=Viewer("us_ada"))
        memory.save(own(sandbox, key))
    elif given_[0] in memory.saved:
        revision = given_[0]
        if name == "label":
            versions.label(sandbox, key, str(revision), given_[1])
            memory.labels[revision] = given_[1]
        else:
            versions.restore(sandbox, key, str(revision))
            memory.save(memory.saved[revision])


def own(sandbox: Sandbox, key: str) -> Json:
    """What the author of a workflow has written, as the workflow shows it."""
    shown = json.loads(workflows.get(sandbox, key).body)
    theirs = ("name", "description", "tags", "nodes", "connections", "viewport", "metadata", "mine", "a/b~")
    return {name: shown[name] for name in theirs if name in shown}


def check(sandbox: Sandbox, key: str, memory: Memory) -> None:
    """Everything that is kept is as it should be."""
    listed = versions.list_versions(sandbox, key)
    assert [one["revision"] for one in listed] == sorted(memory.saved, reverse=True)
    for one in listed:
        revision = one["revision"]
        assert exact(versions.get(sandbox, key, str(revision))["workflow"]) == exact(memory.saved[revision])
        assert one["label"] == memory.labels[revision]
        assert one["is_current"] == (revision == memory.current)
    assert exact(own(sandbox, key)) == exact(memory.saved[memory.current])
    assert json.loads(workflows.get(sandbox, key).body)["revision"] == memory.current

"""Tells what breaks between two OpenAPI 3.1 documents, and whether the version says so.

    python contract/compare.py contract/released.json contract/openapi.json

Each breaking change is one line. The exit status is 1 if there is one and the second document's version is not bumped
for it (before 1.0 the minor number, from 1.0 on the major), 2 if a document cannot be read, else 0. `--all` lists the
other changes too: those that would break if they were taken back.

Requests may ask for less and answers may promise more: what could be sent must still be taken, and what is answered
must be what readers were told. So a new value of an enum, or a new member of a union, breaks where it is answered (a
`switch` over all values meets one that it does not know) and not where it is sent. What an answer has besides does not
break: readers skip the properties, headers, statuses and media types that they do not know. To remove a parameter or
a property always breaks, to remove a 4xx or 5xx never does; another error code in one breaks as little as another
4xx, but a code that is gone from the whole document does: programs wait for it. An operationId is the name of a
client's method.

It sees through `$ref` (inside the document), `allOf`, `anyOf`, `oneOf`, `const`, `enum` and lists of types, and knows
limits, properties, items, parameters, bodies, media types, headers and security. Of any other keyword it knows only
whether it stayed the same, and not what references in it lead to: in doubt a change breaks. It does not look at
servers, links, callbacks, webhooks, encodings, OAuth scopes, how a credential is sent, `readOnly`, discriminators
(the union itself counts), examples and texts. A renamed path parameter makes another path, and a shape that fits only
several members of a union together counts as fitting none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from changes import ANSWERS, ERRORS, GONE, REQUESTS, Change, Schemas, Side
from shapes import Document

Json = Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def breaking_changes(old: Json, new: Json) -> list[Change]:
    """What breaks for whoever keeps to the old document, each once."""
    return list(dict.fromkeys(Comparison(Document(old), Document(new)).operations()))


def other_changes(old: Json, new: Json) -> list[Change]:
    """What would break if it were taken back, and does not break now."""
    told = {(change.where, change.what) for change in breaking_changes(old, new)}
    back = [change for change in breaking_changes(new, old) if (change.where, change.what) not in told]
    return [change._replace(before=change.after, after=change.before) for change in back]


class Comparison:
    """Goes over two documents side by side."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self.schemas = Schemas(old, new)

    def operations(self) -> Iterator[Change]:
        """What breaks anywhere."""
        for code in sorted(error_codes(self.old.content) - error_codes(self.new.content)):
            yield Change("errors", f"the code {code!r}", *GONE, "whoever waits for it meets another one")
        new = dict(operations_of(self.new))
        for place, old in operations_of(self.old):
            if place in new:
                yield from self._operation(place, old, new[place])
            else:
                yield Change(place, "the operation", *GONE, "whoever calls it gets a 404 or 405")

    def _operation(self, place: str, old: Json, new: Json) -> Iterator[Change]:
        if old.get("operationId") != new.get("operationId"):
            names = (str(old.get("operationId")), str(new.get("operationId")))
            yield Change(place, "the operationId", *names, "methods of made clients are named for it")
        yield from self._security(place, old, new)
        yield from self._parameters(place, old, new)
        yield from self._request_body(place, old.get("requestBody"), new.get("requestBody"))
        yield from self._answers(place, old["responses"], new["responses"])

    def _security(self, place: str, old: Json, new: Json) -> Iterator[Change]:
        before, after = (
            [set(ways) for ways in operation.get("security", document.content.get("security")) or [{}]]
            for operation, document in ((old, self.old), (new, self.new))
        )
        for ways in before:
            if not any(enough <= ways for enough in after):
                words = (" and ".join(sorted(ways)) or "none", "not enough")
                yield Change(place, "the credential", *words, "who was let in gets a 401 or 403")

    def _parameters(self, place: str, old: Json, new: Json) -> Iterator[Change]:
        before, after = parameters_of(self.old, old), parameters_of(self.new, new)
        for (kind, name), parameter in before.items():
            where = f"{place} {kind} {name}"
            if (kind, name) not in after:
                yield REQUESTS.change(where, "the parameter", GONE, REQUESTS.lost)
            else:
                yield from self._parameter(where, parameter, after[kind, name])
        for kind, name in after.keys() - before.keys():
            if after[kind, name].get("required"):
                yield REQUESTS.change(f"{place} {kind} {name}", "the parameter", ("not there", "required"))

    def _parameter(self, where: str, old: Json, new: Json) -> Iterator[Change]:
        if new.get("required") and not old.get("required"):
            yield REQUESTS.change(where, "the parameter", REQUESTS.presence)
        for word in ("style", "explode", "allowReserved"):
            if old.get(word) != new.get(word):
                yield REQUESTS.change(where, word, (str(old.get(word, "unset")), str(new.get(word, "unset"))))
        yield from self._content(REQUESTS, where, old.get("content", {}), new.get("content", {}))
        yield from self.schemas.compare(REQUESTS, where, old.get("schema", {}), new.get("schema", {}))

    def _request_body(self, place: str, old: Json, new: Json) -> Iterator[Change]:
        before, after = self.old.resolve(old or {}), self.new.resolve(new or {})
        if before and not after:
            yield REQUESTS.change(place, "the body", GONE, REQUESTS.lost)
        elif after.get("required") and not before.get("required"):
            yield REQUESTS.change(place, "the body", REQUESTS.presence)
        if before and after:
            yield from self._content(REQUESTS, f"{place} body", before["content"], after["content"])

    def _answers(self, place: str, old: Json, new: Json) -> Iterator[Change]:
        for status, answer in old.items():
            where = f"{place} {status}"
            if status in new:
                side = ERRORS if status[0] in "45" else ANSWERS
                yield from self._answer(side, where, self.old.resolve(answer), self.new.resolve(new[status]))
            elif status[0] not in "45":
                yield ANSWERS.change(where, "the status", GONE, "whoever waits for it waits in vain")

    def _answer(self, side: Side, where: str, old: Json, new: Json) -> Iterator[Change]:
        yield from self._content(side, where, old.get("content", {}), new.get("content", {}))
        for name, header in old.get("headers", {}).items():
            place = f"{where} header {name}"
            before, after = self.old.resolve(header), self.new.resolve(new.get("headers", {}).get(name, {}))
            if not after:
                yield side.change(place, "the header", GONE, side.lost)
                continue
            if before.get("required") and not after.get("required"):
                yield side.change(place, "the header", side.presence)
            yield from self.schemas.compare(side, place, before.get("schema", {}), after.get("schema", {}))

    def _content(self, side: Side, where: str, old: Json, new: Json) -> Iterator[Change]:
        for media_type, content in old.items():
            if media_type not in new:
                yield side.change(f"{where} {media_type}", "the media type", GONE, side.lost)
            else:
                schemas = (content.get("schema", {}), new[media_type].get("schema", {}))
                yield from self.schemas.compare(side, f"{where} {media_type}", *schemas)


def operations_of(document: Document) -> Iterator[tuple[str, Json]]:
    """The operations, each named by method and path, with the parameters of its path among its own."""
    for path, item in document.content.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", [])
                operation = {"responses": {}} | item[method]
                yield f"{method.upper()} {path}", operation | {"parameters": shared + operation.get("parameters", [])}


def parameters_of(document: Document, operation: Json) -> dict[tuple[str, str], Json]:
    """The parameters by place and name; those of the operation win over those of the path."""
    parameters = [document.resolve(parameter) for parameter in operation["parameters"]]
    return {(parameter["in"], parameter["name"]): parameter for parameter in parameters}


class Version(NamedTuple):
    """The three numbers of a version."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def least_to_break(self) -> Version:
        """The least version that may break with this one."""
        return Version(self.major + 1, 0, 0) if self.major else Version(0, self.minor + 1, 0)


def error_codes(part: Json) -> set[str]:
    """The codes that errors have anywhere in a document."""
    if isinstance(part, list):
        return set().union(*map(error_codes, part))
    if not isinstance(part, dict):
        return set()
    errors = [answer for status, answer in part.get("responses", {}).items() if status[:1] in "45"]
    found = {code for answer in errors for code in _codes(answer)}
    return found.union(*(error_codes(held) for name, held in part.items() if name != "responses"))


def _codes(answer: Json) -> Iterator[str]:
    for content in answer.get("content", {}).values():
        for schema in [content.get("schema", {}), *content.get("schema", {}).get("allOf", [])]:
            yield from schema.get("properties", {}).get("code", {}).get("enum", [])


def version_of(document: Json) -> Version:
    """The version of the document."""
    told = str(document["info"]["version"])
    if not re.fullmatch(r"\d+\.\d+\.\d+", told):
        raise ValueError(f"The version {told!r} is not of the form 1.2.3.")
    return Version(*map(int, told.split(".")))


def read(path: Path) -> Json:
    """The document in a file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ValueError(f"{path} cannot be read: {problem}") from problem
    if not isinstance(document, dict) or not str(document.get("openapi")).startswith("3.1."):
        raise ValueError(f"{path} is not an OpenAPI 3.1 document.")
    return document


def report(old: Json, new: Json, everything: bool) -> int:
    """Print the changes and what they ask of the version; 1 if the version does not have it, else 0."""
    released, current = version_of(old), version_of(new)
    breaking = breaking_changes(old, new)
    for change in breaking:
        print(f"{change}: {change.why}.")
    for change in other_changes(old, new) if everything else []:
        print(f"(does not break) {change}.")
    print(f"{len(breaking)} breaking changes from {released} to {current}.")
    if current < released:
        print(f"The version must be {released} or higher: it never falls.")
        return 1
    if not breaking or current >= released.least_to_break():
        return 0
    print(f"The version must be {released.least_to_break()} or higher.")
    return 1


def main() -> int:
    """Compare the two documents that the command line names."""
    parser = argparse.ArgumentParser(description="List what breaks between two OpenAPI 3.1 documents.")
    parser.add_argument("released", type=Path, help="the document that clients keep to")
    parser.add_argument("current", type=Path, help="the document as it is now")
    parser.add_argument("--all", action="store_true", help="list the changes that do not break too")
    chosen = parser.parse_args()
    try:
        return report(read(chosen.released), read(chosen.current), chosen.all)
    except ValueError as problem:
        parser.error(str(problem))


if __name__ == "__main__":
    sys.exit(main())

"""Nodes that keep things: databases, values, files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import partial

from ..errors import NodeFailure
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .fields import (
    anything,
    as_json,
    box,
    choice,
    defaults_of,
    form,
    kind_of,
    line,
    list_of,
    number,
    read_choice,
    read_number,
    read_text,
    secret,
    text_of,
    written_or_arrived,
)

COLOR = "#14b8a6"
CONTENT_TYPES = {"json": "application/json", "csv": "text/csv", "text": "text/plain"}
EXTENSIONS = {"json": ".json", "csv": ".csv", "text": ".txt"}

_kind = partial(NodeType, category="storage", color=COLOR)


def query(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Run one SQL statement; its parameters are those of the configuration, else what arrived, if it can be that."""
    sql = read_text(config, "query").strip()
    if not sql:
        raise NodeFailure("missing_config", "This node needs an SQL statement: fill in 'query'.")
    arrived = inputs.main if isinstance(inputs.main, (list, dict)) else None
    parameters = config.get("parameters") or arrived
    if parameters is not None and not isinstance(parameters, (list, dict)):
        parameters = [parameters]
    answer = effects.query(sql, parameters)
    counts = {"columns": answer["columns"], "row_count": answer["row_count"]}
    return {"output": answer["rows"], "result": counts | {"statement": sql.split(None, 1)[0].upper()}}


def key_value(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Get, set, delete or count up a value that outlives the execution."""
    operation = read_choice(config, "operation", ("get", "set", "delete", "increment"))
    namespace, key = read_text(config, "namespace", "default"), read_text(config, "key").strip()
    if not key:
        raise NodeFailure("missing_config", "This node needs the name of a value: fill in 'key'.")
    before = effects.recall(namespace, key)
    value = before
    if operation == "set":
        value = written_or_arrived(config, "value", inputs)
    elif operation == "delete":
        value = None
    elif operation == "increment":
        value = _counted_up(before, key, read_number(config, "by", 1, -1e12, 1e12))
    if operation != "get":
        effects.remember(namespace, key, value)
    shown = before if operation == "delete" else value
    found = {"operation": operation, "namespace": namespace, "key": key, "value": shown}
    return {"output": found | {"existed": before is not None}}


def write_file(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Write what the configuration says, else what arrived, as a file."""
    style = read_choice(config, "format", tuple(CONTENT_TYPES))
    value = written_or_arrived(config, "content", inputs)
    if value is None:
        raise NodeFailure("nothing_to_write", "Nothing arrived that could be written, and 'content' is empty.")
    content = written(value, style).encode("utf-8", "replace")
    if not content:
        raise NodeFailure("nothing_to_write", "What arrived is an empty text: there is nothing to write.")
    return {"output": effects.write_file(_file_name(config, style), content, CONTENT_TYPES[style])}


def written(value: Json, style: str) -> str:
    """A value as the text of a JSON, CSV or text file.

    :raises NodeFailure: ``not_a_table`` for CSV of what has no rows.
    """
    if style == "json":
        return as_json(value, indent=2) + "\n"
    return as_csv(value) if style == "csv" else text_of(value)


def as_csv(value: Json) -> str:
    """Rows as CSV with a header; columns stand in the order in which they first appear."""
    rows = list_of(value, "rows", "items", "data") if not isinstance(value, Mapping) or _holds_rows(value) else [value]
    if rows is None:
        raise NodeFailure("not_a_table", f"A CSV file needs a list of objects; what arrived is {kind_of(value)}.")
    plain = [row if isinstance(row, Mapping) else {"value": row} for row in rows]
    columns = list(dict.fromkeys(str(name) for row in plain for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(name)) for name in columns] for row in plain])
    return out.getvalue()


def _holds_rows(value: Mapping[str, Json]) -> bool:
    return list_of(value, "rows", "items", "data") is not None


def _cell(value: Json) -> Json:
    return as_json(value) if isinstance(value, (dict, list)) else value


def _file_name(config: Config, style: str) -> str:
    name = re.sub(r"[\\/\x00-\x1f]+", "-", read_text(config, "name", "output")).strip(". -") or "output"
    return name if re.search(r"\.\w{1,8}$", name) else name + EXTENSIONS[style]


def _counted_up(before: Json, key: str, by: float) -> Json:
    if before is not None and (isinstance(before, bool) or not isinstance(before, (int, float))):
        raise NodeFailure("not_a_number", f"'{key}' holds {kind_of(before)} and cannot be counted up.")
    total = (before or 0) + by
    return int(total) if total == int(total) else total


_QUERY = form(
    {
        "connection": secret("Connection", "Such as postgresql://user:password@host/database."),
        "query": box("Query", "SELECT id, name, email FROM customers LIMIT 10", "One SQL statement."),
        "parameters": {
            "type": ["array", "object", "null"],
            "items": {},
            "title": "Parameters",
            "description": "For ?, $1 and %s a list, for :name an object; if empty, what arrived.",
            "default": None,
        },
    },
    required=["query"],
)
_KEY_VALUE = form(
    {
        "operation": choice("Operation", ("get", "set", "delete", "increment")),
        "namespace": line("Namespace", "default", "Keys of different namespaces never meet."),
        "key": line("Key", "counter"),
        "value": anything("Value", "To set; if empty, what arrived."),
        "by": number("Count up by", 1, -1e12, 1e12),
    },
    required=["key"],
)
_WRITE_FILE = form(
    {
        "name": line("File name", "output"),
        "format": choice("Format", tuple(CONTENT_TYPES)),
        "content": anything("Content", "If empty, what arrived."),
    }
)

TYPES: tuple[NodeType, ...] = (
    _kind(
        "sql_query",
        "SQL query",
        "Asks a database.",
        run=query,
        icon="database",
        outputs=(Port("output", "Rows", "table"), Port("result", "Result", "object")),
        config_schema=_QUERY,
        defaults=defaults_of(_QUERY),
        output_schema={
            "output": {"type": "array", "items": {"type": "object"}},
            "result": {
                "type": "object",
                "properties": {
                    "columns": {"type": "array", "items": {"type": "string"}},
                    "row_count": {"type": "integer", "minimum": 0},
                    "statement": {"type": "string"},
                },
                "required": ["columns", "row_count", "statement"],
            },
        },
        simulation=Simulation(
            60,
            0.7,
            2,
            30_000,
            0.005,
            (
                ("connection_refused", "The database refused the connection."),
                ("deadlock", "The statement was the victim of a deadlock."),
            ),
        ),
    ),
    _kind(
        "key_value",
        "Key-value store",
        "Keeps values between executions.",
        run=key_value,
        keeps_values=True,
        icon="key-round",
        outputs=(Port("output", "Value", "object"),),
        config_schema=_KEY_VALUE,
        defaults=defaults_of(_KEY_VALUE),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "operation": {"enum": ["get", "set", "delete", "increment"]},
                    "namespace": {"type": "string"},
                    "key": {"type": "string"},
                    "value": {},
                    "existed": {"type": "boolean"},
                },
                "required": ["operation", "namespace", "key", "value", "existed"],
            }
        },
        simulation=Simulation(6, 0.5, 1, 2_000, 0.002, (("store_unreachable", "The key-value store did not answer."),)),
    ),
    _kind(
        "write_file",
        "Write file",
        "Writes what arrives as a file.",
        run=write_file,
        icon="file-output",
        outputs=(Port("output", "File", "file"),),
        config_schema=_WRITE_FILE,
        defaults=defaults_of(_WRITE_FILE),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "size": {"type": "integer"},
                    "content_type": {"type": "string"},
                },
                "required": ["id", "name", "size", "content_type", "kind", "sha256"],
            }
        },
        simulation=Simulation(35, 0.5, 2, 5_000, 0.003, (("disk_full", "There is no space left on the device."),)),
    ),
)

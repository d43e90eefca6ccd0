"""What services would have said when a message is handed to them, and what they would have had to tell."""

from __future__ import annotations

from collections.abc import Callable

from ..moments import MICROSECONDS, from_iso, iso
from ..nodes.base import Json
from ..nodes.fields import text_of
from ..nodes.words import keywords
from .fake_values import FIRST_NAMES, LAST_NAMES, SENTENCES, TITLES, Luck

Message = dict[str, Json]
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def receipt(service: str, message: Message, luck: Luck) -> Message:
    """What a service says when it took a message: ``{id, ok, timestamp, ...}`` and its own fields."""
    make = _RECEIPTS.get(service)
    plain = {"id": f"{service}-{luck.code(12)}", "ok": True, "service": service, "timestamp": luck.now}
    return plain | (make(message, luck) if make else {})


def messages(service: str, source: str, count: int, luck: Luck) -> list[Message]:
    """What a service has for a topic, address or folder, oldest first; the last one is of this moment."""
    make = _MESSAGES.get(service, _plain)
    moment = from_iso(luck.now)
    step = _STEPS.get(service, 60) * MICROSECONDS
    found = []
    for place in range(count):
        luck.row = place
        found.append(make(source, iso(moment - (count - 1 - place) * step), luck))
    return found


def _slack(message: Message, luck: Luck) -> Message:
    seconds, rest = divmod(from_iso(luck.now), MICROSECONDS)
    stamp = f"{seconds}.{rest:06d}"
    channel = f"C0{luck.code(9, _LETTERS)}"
    return {
        "id": stamp,
        "ts": stamp,
        "channel": channel,
        "channel_name": message.get("channel"),
        "text": message.get("text"),
    }


def _gmail(message: Message, luck: Luck) -> Message:
    key = luck.code(16)
    return {"id": key, "threadId": message.get("thread_id") or key, "labelIds": ["SENT"]}


def _email(message: Message, luck: Luck) -> Message:
    key = f"<{luck.code(20)}@mail.example.com>"
    return {
        "id": key,
        "message_id": key,
        "accepted": list(message.get("to") or []),
        "rejected": [],
        "response": "250 2.0.0 OK",
    }


def _mqtt(message: Message, luck: Luck) -> Message:
    return {"mid": luck.rng.randint(1, 65_535), "qos": message.get("qos", 0), "topic": message.get("topic")}


def _websocket(message: Message, _luck: Luck) -> Message:
    return {"url": message.get("url"), "bytes": len(text_of(message.get("data")).encode("utf-8", "replace"))}


def _sheets(message: Message, luck: Luck) -> Message:
    row = luck.rng.randint(2, 400)
    return {"id": message.get("spreadsheet"), "first_row": row, "updated_rows": message.get("row_count", 0)}


_RECEIPTS: dict[str, Callable[[Message, Luck], Message]] = {
    "slack": _slack,
    "gmail": _gmail,
    "email": _email,
    "mqtt": _mqtt,
    "websocket": _websocket,
    "google_sheets": _sheets,
}

_STEPS = {"mqtt": 10, "websocket": 1, "gmail": 5_400, "webhook": 30, "slack": 90}
"""Seconds between two messages."""


def _plain(source: str, at: str, luck: Luck) -> Message:
    return {"id": luck.code(12), "source": source, "text": luck.pick(SENTENCES), "timestamp": at}


def _reading(source: str, at: str, luck: Luck) -> Message:
    return {"topic": source, "payload": _payload(source, at, luck), "qos": 0, "retain": False, "timestamp": at}


_QUANTITIES = (
    ("temp", 21.0, 0.8, "°C"), ("humid", 48.0, 2.5, "%"), ("press", 1013.0, 1.2, "hPa"), ("power", 420.0, 35.0, "W"),
    ("energy", 12.0, 0.6, "kWh"), ("co2", 620.0, 30.0, "ppm"), ("light", 310.0, 25.0, "lx"), ("level", 62.0, 1.5, "%"),
    ("speed", 14.0, 1.5, "m/s"),
    ("volt", 230.0, 1.0, "V"), ("vibration", 2.4, 0.3, "mm/s"), ("flow", 8.0, 0.5, "l/min"),
)  # fmt: skip


def _payload(source: str, at: str, luck: Luck) -> Message:
    """A reading of the quantity that the topic names."""
    topic = source.lower()
    steps = [step for step in source.split("/") if step and step not in ("#", "+")]
    _, usual, spread, unit = next((row for row in _QUANTITIES if row[0] in topic), ("", 50.0, 5.0, ""))
    value = round(luck.rng.gauss(usual, spread), 2)
    if any(word in topic for word in ("status", "state", "event", "alarm", "door", "button")):
        return {"device": steps[0] if steps else "device", "state": luck.pick(("on", "off")), "timestamp": at}
    return {"sensor": steps[-1] if steps else "sensor", "value": value, "unit": unit, "timestamp": at}


def _tick(source: str, at: str, luck: Luck) -> Message:
    known = float(luck.memory.get("price") or luck.rng.uniform(20, 400))
    price = round(known * (1 + luck.rng.gauss(0, 0.004)), 2)
    luck.memory["price"] = price
    data = {"price": price, "volume": luck.rng.randint(1, 500), "timestamp": at}
    return {"type": "tick", "sequence": luck.row + 1, "url": source, "data": data, "timestamp": at}


def _mail(source: str, at: str, luck: Luck) -> Message:
    """A mail that a search for the source would find."""
    name = f"{luck.pick(FIRST_NAMES)} {luck.pick(LAST_NAMES)}"
    address = f"{name.lower().replace(' ', '.')}@example.com"
    wanted = _search_terms(source)
    subject = f"{luck.pick(TITLES)}: {wanted}" if wanted else str(luck.pick(TITLES))
    sentence = f"This is about {wanted}. " if wanted else ""
    body = f"Hello,\n\n{sentence}{luck.pick(SENTENCES)}\n\nBest regards\n{name}"
    key = luck.code(16)
    labels = ["INBOX", "UNREAD"] if luck.rng.random() < 0.5 else ["INBOX"]
    plain = {"id": key, "threadId": key, "labelIds": labels, "from": f"{name} <{address}>", "subject": subject}
    return plain | {"snippet": body.replace("\n", " ")[:120], "body": body, "date": at}


def _search_terms(source: str) -> str:
    """The words of a mail search, without its operators and folder names."""
    plain = [word for word in source.split() if word.upper() not in ("INBOX", "SENT", "ALL", "OR", "AND")]
    named = [
        word.partition(":")[2] if word.startswith("subject:") else word
        for word in plain
        if ":" not in word or word.startswith("subject:")
    ]
    return " ".join(word.strip("()\"'") for word in named)


def _hook(source: str, at: str, luck: Luck) -> Message:
    event = (keywords(source.replace("/", " "), 1) or ["event"])[0]
    body = {"event": f"{event}.{luck.pick(('created', 'updated'))}", "id": luck.rng.randint(100, 9_999), "at": at}
    return {
        "method": "POST",
        "path": source,
        "headers": {"content-type": "application/json"},
        "body": body,
        "timestamp": at,
    }


def _chat(source: str, at: str, luck: Luck) -> Message:
    seconds = from_iso(at) // MICROSECONDS
    text, user = luck.pick(SENTENCES), f"U0{luck.code(9, _LETTERS)}"
    return {
        "type": "message",
        "channel": source,
        "user": user,
        "text": text,
        "ts": f"{seconds}.000100",
        "timestamp": at,
    }


_MESSAGES: dict[str, Callable[[str, str, Luck], Message]] = {
    "mqtt": _reading,
    "websocket": _tick,
    "gmail": _mail,
    "email": _mail,
    "webhook": _hook,
    "slack": _chat,
}

"""Believable values by the name of a column or field: what `created_at`, `email` or `total` would hold.

The lists are our own and short, because Faker's import would make the first query wait a third of a second.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from ..moments import MICROSECONDS, from_iso, iso
from ..nodes.base import Json

FIRST_NAMES = (  # noqa: SIM905
    "Ada Amara Anton Beatriz Chen Clara Daniel Elif Emma Farid Grace Hana Hugo Ines Ivan Jonas Kwame Lea Liam Lucia "
    "Maya Mateo Nadia Noah Olga Omar Priya Rosa Samuel Sofia Tariq Theo Yuki Zoe"
).split()
LAST_NAMES = (  # noqa: SIM905
    "Adeyemi Andersen Bauer Becker Costa Diaz Dubois Fischer Garcia Haddad Ito Jansen Kaur Keller Kim Kowalski Larsen "
    "Lopez Martin Meyer Moreau Nguyen Novak Okafor Patel Reyes Rossi Sato Schmidt Silva Tanaka Vargas Weber Wright"
).split()
CITIES = (
    ("Berlin", "Germany"), ("Lisbon", "Portugal"), ("Nairobi", "Kenya"), ("Osaka", "Japan"), ("Toronto", "Canada"),
    ("Lyon", "France"), ("Austin", "United States"), ("Porto Alegre", "Brazil"), ("Seoul", "South Korea"),
    ("Mumbai", "India"), ("Krakow", "Poland"), ("Leeds", "United Kingdom"),
)  # fmt: skip
COMPANIES = (  # noqa: SIM905
    "Northwind Logistics,Bluebird Energy,Harbor Foods,Kite Robotics,Lumen Health,Pine & Partners,Quarry Labs,"
    "Riverside Print,Solstice Travel,Tandem Cycles,Umbra Optics,Verde Farms"
).split(",")
PRODUCTS = (  # noqa: SIM905
    "Desk lamp,Travel mug,Notebook A5,Wireless mouse,Standing desk,Rain jacket,Coffee beans 1 kg,Bike light,"
    "Water bottle,Noise-cancelling headphones,Cutting board,Yoga mat"
).split(",")
SENTENCES = (
    "The delivery arrived a day early.",
    "Please check the attached figures before Friday.",
    "Everything works since the last update.",
    "The invoice shows the wrong address.",
    "Could we move the meeting to the afternoon?",
    "The sensor in hall two reports again.",
    "Thanks for the quick reply.",
    "The customer asked for a refund.",
)
TITLES = (  # noqa: SIM905
    "Quarterly figures,Release notes,Onboarding checklist,Pump maintenance,Delivery delays,Customer interview,"
    "Budget draft,Incident review"
).split(",")
STATUSES = {
    "orders": ("pending", "paid", "shipped", "delivered", "cancelled"),
    "invoices": ("draft", "sent", "paid", "overdue"),
    "tickets": ("open", "pending", "solved"),
    "payments": ("succeeded", "pending", "failed"),
    "devices": ("online", "offline"),
    "sensors": ("online", "offline"),
    "tasks": ("todo", "doing", "done"),
}

COLUMNS = {
    "users": "id name email city created_at is_active",
    "customers": "id name email company city country created_at",
    "employees": "id name email role city salary created_at",
    "orders": "id customer_id status total currency created_at",
    "products": "id name sku price stock category",
    "invoices": "id number customer_id total currency status due_at",
    "payments": "id order_id amount currency status created_at",
    "tickets": "id subject status priority assignee created_at",
    "events": "id type user_id payload created_at",
    "logs": "id level message created_at",
    "messages": "id sender text created_at",
    "posts": "userId id title body",
    "comments": "postId id name email body",
    "todos": "userId id title completed",
    "tasks": "id title status priority due_at is_done",
    "albums": "userId id title",
    "photos": "albumId id title url thumbnailUrl",
    "sensors": "id name location unit status last_seen_at",
    "devices": "id name location status firmware last_seen_at",
    "readings": "id sensor_id temperature humidity recorded_at",
    "measurements": "id sensor_id value unit recorded_at",
    "companies": "id company city country employees website",
    "articles": "id title author body published_at",
    "reviews": "id product_id rating text created_at",
    "cities": "id city country population latitude longitude",
}
"""What tables and API resources of these names usually have."""

OTHER_COLUMNS = "id name status created_at"
"""What everything else has."""


@dataclass(slots=True)
class Luck:
    """Chance and the moment: all that a made-up value may depend on."""

    rng: random.Random
    now: str
    table: str = ""
    """The table or resource that the value belongs to."""
    row: int = 0
    memory: dict[str, Json] = field(default_factory=dict)
    """What this row holds already, so that the mail address fits the name."""

    def pick(self, options: tuple[Json, ...] | list[Json] | list[str] | tuple[str, ...]) -> Json:
        """One of the options."""
        return options[self.rng.randrange(len(options))]

    def ago(self, days: float) -> str:
        """A moment in the days before now."""
        return iso(from_iso(self.now) - round(self.rng.random() * days * 86_400 * MICROSECONDS))

    def ahead(self, days: float) -> str:
        """A moment in the days after now."""
        return iso(from_iso(self.now) + round(self.rng.random() * days * 86_400 * MICROSECONDS))

    def money(self, low: float, high: float) -> float:
        """An amount with two decimals; small ones are likelier."""
        return round(low + (high - low) * self.rng.random() ** 2, 2)

    def code(self, size: int, alphabet: str = "0123456789abcdef") -> str:
        """Characters that look like a part of an id."""
        return "".join(alphabet[self.rng.randrange(len(alphabet))] for _ in range(size))


def columns_of(table: str) -> list[str]:
    """The columns that a table or resource of this name usually has."""
    return (COLUMNS.get(plural(table.lower())) or OTHER_COLUMNS).split()


def plural(noun: str) -> str:
    """The name of the table for a noun, which may be one already."""
    if noun in COLUMNS or noun.endswith("s"):
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def row_of(columns: list[str], luck: Luck, row: int) -> dict[str, Json]:
    """One made-up row."""
    luck.row = row
    luck.memory = {}
    for column in columns:
        luck.memory[column] = value_of(column, luck)
    return luck.memory


def value_of(column: str, luck: Luck) -> Json:
    """A made-up value that a column of this name could hold."""
    make = _maker(column)
    return make(luck) if make else f"{column.replace('_', ' ')} {luck.row + 1}"


Make = Callable[[Luck], Json]


@lru_cache(maxsize=1024)
def _maker(column: str) -> Make | None:
    name = _snake(column)
    return next((make for pattern, make in _rules() if pattern.search(name)), None)


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], Make], ...]:
    return tuple((re.compile(pattern), make) for pattern, make in _RULES)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _name(luck: Luck) -> str:
    if luck.table in ("products", "items", "articles"):
        return str(luck.pick(PRODUCTS))
    if luck.table in ("sensors", "devices"):
        return f"{luck.pick(('Boiler', 'Hall', 'Cold store', 'Pump', 'Roof'))} {luck.row + 1}"
    return f"{_first_name(luck)} {_last_name(luck)}"


def _first_name(luck: Luck) -> str:
    return str(luck.memory.get("name", "")).partition(" ")[0] or str(luck.pick(FIRST_NAMES))


def _last_name(luck: Luck) -> str:
    return str(luck.memory.get("name", "")).rpartition(" ")[2] or str(luck.pick(LAST_NAMES))


def _email(luck: Luck) -> str:
    first = luck.memory.get("first_name") or _first_name(luck)
    last = luck.memory.get("last_name") or _last_name(luck)
    return f"{first}.{last}@example.{luck.pick(('com', 'org', 'net'))}".lower().replace(" ", "")


def _place(luck: Luck, which: int) -> str:
    known = luck.memory.get("city" if which else "country")
    return next((str(pair[which]) for pair in CITIES if known in pair), None) or str(luck.pick(CITIES)[which])


def _status(luck: Luck) -> str:
    return str(luck.pick(STATUSES.get(plural(luck.table), ("active", "pending", "inactive"))))


def _unique(luck: Luck) -> int:
    return luck.row + 1


_RULES: tuple[tuple[str, Make], ...] = (
    (r"^id$|_no$|^rank$|^position$", _unique),
    (r"uuid|guid", lambda luck: "-".join(luck.code(size) for size in (8, 4, 4, 4, 12))),
    (r"_id$", lambda luck: luck.rng.randint(1, 40)),
    (
        r"^(is|has|can)_|^(active|enabled|completed|done|verified|paid|deleted|success|ok)$",
        lambda luck: luck.rng.random() < 0.6,
    ),
    (r"(due|expires|scheduled|ends|next)_?(at|on|date)", lambda luck: luck.ahead(30)),
    (r"_at$|^(timestamp|time|datetime|ts)$|_time$|_?seen$", lambda luck: luck.ago(90)),
    (r"birth", lambda luck: luck.ago(365 * 50)[:10]),
    (r"date|_on$|^day$", lambda luck: luck.ago(90)[:10]),
    (r"^month$", lambda luck: luck.ago(360)[:7]),
    (r"^year$", lambda luck: int(luck.now[:4]) - luck.rng.randrange(6)),
    (r"^hour$", lambda luck: luck.rng.randrange(24)),
    (r"e?mail", _email),
    (r"phone|mobile", lambda luck: f"+1-555-{luck.rng.randrange(10_000):04d}"),
    (r"first_?name", _first_name),
    (r"last_?name|surname", _last_name),
    (r"user_?name|login|handle", lambda luck: f"{luck.pick(FIRST_NAMES)}{luck.rng.randrange(100)}".lower()),
    (r"product|^item$", lambda luck: str(luck.pick(PRODUCTS))),
    (r"company|organi[sz]ation|vendor|supplier", lambda luck: str(luck.pick(COMPANIES))),
    (r"city|town", lambda luck: _place(luck, 0)),
    (r"country", lambda luck: _place(luck, 1)),
    (r"region", lambda luck: luck.pick(("north", "south", "east", "west"))),
    (r"street|address", lambda luck: f"{luck.rng.randint(1, 180)} {luck.pick(LAST_NAMES)} Street"),
    (r"zip|postal|postcode", lambda luck: f"{luck.rng.randrange(10_000, 99_999)}"),
    (r"thumbnail_?url|image|avatar", lambda luck: f"https://picsum.photos/seed/{luck.code(6)}/150"),
    (r"url|website|link", lambda luck: f"https://example.com/{luck.code(6)}"),
    (r"currency", lambda luck: luck.pick(("EUR", "USD", "GBP"))),
    (r"salary|income", lambda luck: luck.rng.randrange(32, 120) * 1000),
    (r"price|cost|fee", lambda luck: luck.money(2, 250)),
    (r"amount|total|sum|revenue|sales|balance|spent|value$", lambda luck: luck.money(5, 900)),
    (r"count|quantity|qty|stock|number_of|visits|views|orders|clicks|employees", lambda luck: luck.rng.randint(1, 120)),
    (r"population", lambda luck: luck.rng.randrange(80, 9_000) * 1000),
    (r"age$", lambda luck: luck.rng.randint(18, 79)),
    (r"rating|stars", lambda luck: luck.rng.randint(1, 5)),
    (r"temp", lambda luck: round(luck.rng.gauss(21, 3), 1)),
    (r"humid", lambda luck: round(min(max(luck.rng.gauss(48, 9), 5), 98), 1)),
    (r"pressure", lambda luck: round(luck.rng.gauss(1013, 6), 1)),
    (r"^lat", lambda luck: round(luck.rng.uniform(-55, 65), 4)),
    (r"^(lon|lng)", lambda luck: round(luck.rng.uniform(-180, 180), 4)),
    (r"score|ratio|rate|percent|share|confidence|avg|average|mean", lambda luck: round(luck.rng.random(), 3)),
    (r"size|length|width|height|weight|duration|bytes", lambda luck: luck.rng.randint(1, 4_000)),
    (
        r"^(number|sku|code|reference|ref)$",
        lambda luck: f"{luck.code(3, 'ABCDEFGHKLMNPRST')}-{luck.rng.randrange(10_000):04d}",
    ),
    (r"status|state$", _status),
    (r"priority|severity", lambda luck: luck.pick(("low", "normal", "high", "urgent"))),
    (r"level", lambda luck: luck.pick(("info", "info", "warning", "error"))),
    (r"category|segment|genre", lambda luck: luck.pick(("office", "outdoor", "kitchen", "electronics"))),
    (r"^(type|kind)$|_type$", lambda luck: luck.pick(("created", "updated", "viewed", "deleted"))),
    (r"role|job|position", lambda luck: luck.pick(("engineer", "designer", "analyst", "manager"))),
    (r"department|team", lambda luck: luck.pick(("sales", "support", "product", "finance"))),
    (r"location|room|site", lambda luck: luck.pick(("hall 1", "hall 2", "roof", "cold store"))),
    (r"unit", lambda luck: luck.pick(("°C", "%", "hPa"))),
    (r"firmware|version", lambda luck: f"{luck.rng.randint(1, 4)}.{luck.rng.randrange(10)}.{luck.rng.randrange(10)}"),
    (r"title|subject|headline", lambda luck: str(luck.pick(TITLES))),
    (r"text|body|message|description|comment|content|note|summary", lambda luck: str(luck.pick(SENTENCES))),
    (
        r"payload|metadata|properties|data$",
        lambda luck: {"source": luck.pick(("web", "app", "api")), "ms": luck.rng.randint(3, 900)},
    ),
    (
        r"author|assignee|sender|owner|customer|user$|person|manager",
        lambda luck: f"{luck.pick(FIRST_NAMES)} {luck.pick(LAST_NAMES)}",
    ),
    (r"name", _name),
    (r"tags|labels", lambda luck: [luck.pick(("new", "vip", "beta", "eu"))]),
)
"""First match wins."""

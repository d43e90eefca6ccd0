"""JSONata within bounds: nothing in it reads a clock, draws luck of its own, or runs away.

`expressions` is the door to this file and imports it late, because the language takes a while to load. Three things
differ from plain JSONata: ``$now()``, ``$millis()``, ``$random()``, ``$shuffle()`` and ``$uuid()`` ask the scope;
``$eval`` is gone; and every evaluation has a limit of steps, depth, time and size.
"""

from __future__ import annotations

import copy
import math
import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import re2
from jsonata import Functions, JException, Jsonata, Parser, Utils, datetimeutils

from .budget import HASTY_TEXT, Budget, NeedsTimeError
from .items import identity
from .weight import Scale

MAX_DEPTH = 300
MAX_RANGE = 10_000
"""Numbers in one ``[a..b]``."""
MAX_TEXT = 10_000_000
MAX_ITEMS = 1_000_000

_NOW_CALL = "now()"


class RefusedError(Exception):
    """An expression asked for more than it may have."""


class LanguageError(Exception):
    """An evaluation failed: what happened, and after which character of the expression (-1: unknown)."""

    def __init__(self, message: str, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.end = end


def evaluate(
    text: str,
    document: Any,
    variables: Mapping[str, Any],
    rng: Callable[[], random.Random],
    budget: Budget | None = None,
) -> Any:
    """The value of an expression, as plain JSON.

    :param rng: gives the luck of this evaluation; called only if the expression asks for luck.
    :param budget: what it may take; one of its own if none is given.
    :raises LanguageError: if it cannot be parsed or evaluated.
    :raises NeedsTimeError: if the budget is a hasty one, and is used up.
    """
    budget = budget or Budget()
    if budget.hasty and len(text) > HASTY_TEXT:
        raise NeedsTimeError
    program, bounds = _compiled(text), _Bounds(budget)
    frame = _Frame(program.environment, {**variables, "$": document}, rng)
    frame.set_evaluate_entry_callback(bounds.enter)
    frame.set_evaluate_exit_callback(bounds.leave)
    _settle_in_thread(program)
    try:
        return plain(program.eval(program.ast, _wrapped(document), frame))
    except Exception as error:
        if bounds.needs_time:
            raise NeedsTimeError from None
        raise _failure(error, bounds.position()) from None


def check(text: str) -> None:
    """Parse an expression only.

    :raises LanguageError: if it cannot be parsed.
    """
    _compiled(text)


def plain(value: Any) -> Any:
    """A result of the language as plain JSON: its own kinds of list, null and function are gone."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if getattr(value, "outer_wrapper", False):
            return plain(value[0])
        return [plain(inner) for inner in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        # What does not fit 64 bits would break the writer of JSON, and JavaScript reads it as a float anyway.
        return value if -(1 << 63) <= value < 1 << 63 else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None


class _Bounds:
    """Counts what one evaluation does, and knows where it is."""

    __slots__ = ("budget", "needs_time", "scale", "trail")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.needs_time = False
        self.scale = Scale(budget.weight)
        self.trail: list[Any] = []

    def enter(self, symbol: Any, _input: Any, _environment: Any) -> None:
        self.trail.append(symbol)
        self.budget.left -= 1
        if len(self.trail) > MAX_DEPTH:
            raise RefusedError("It is nested too deeply; does a function call itself without end?")
        if self.budget.is_over:
            self._refuse("It takes too long; does it loop without end?")

    def leave(self, _symbol: Any, _input: Any, _environment: Any, result: Any) -> None:
        self.trail.pop()
        if isinstance(result, str):
            _check_size(len(result), MAX_TEXT, "characters")
        elif isinstance(result, list):
            _check_size(len(result), MAX_ITEMS, "items")
        elif isinstance(result, int) and result.bit_length() > 1024:
            raise RefusedError("A number is out of range.")
        # What refers to its parts again and again is small here, and would fill the memory when it is copied out.
        if self.scale.weigh(result) > self.scale.most:
            self._refuse(f"It makes more than {self.scale.most:,} bytes.")

    def _refuse(self, reason: str) -> None:
        self.needs_time = self.budget.hasty
        raise RefusedError(reason)

    def position(self) -> int:
        """The end of the innermost part that had begun and not ended."""
        return getattr(self.trail[-1], "position", -1) if self.trail else -1


def _check_size(size: int, limit: int, what: str) -> None:
    if size > limit:
        raise RefusedError(f"It makes {size:,} {what}; the limit is {limit:,}.")


class _Frame(Jsonata.Frame):  # type: ignore[misc]
    """The variables of one evaluation, and the functions that ask the world."""

    def __init__(self, parent: Any, bindings: dict[str, Any], rng: Callable[[], random.Random]) -> None:
        super().__init__(parent)
        self.bindings = bindings
        self.rng = rng

    def lookup(self, name: str) -> Any:
        if name in self.bindings:
            return self.bindings[name]
        make = _WORLDLY.get(name)
        return make(self) if make else self.parent.lookup(name)

    def now(self) -> str:
        return str(self.bindings.get("now") or "1970-01-01T00:00:00.000Z")

    def millis(self) -> Any:
        return Functions.datetime_to_millis(self.now(), None)


class _Patterns:
    """Stands in for `re` where the language makes patterns of the pictures of dates, which people write.

    It takes what lies between the parts of a picture for patterns, too; here those are just characters.
    """

    IGNORECASE = re.IGNORECASE
    split = staticmethod(re.split)

    @staticmethod
    def compile(pattern: str, flags: int = 0) -> Any:
        """A pattern that cannot hang."""
        return re2.compile(f"(?i){pattern}" if flags else pattern)

    @staticmethod
    def sub(_pattern: Any, _replacement: str, text: str) -> str:
        """The text as a pattern that fits just this text."""
        return re.escape(text)


datetimeutils.re = _Patterns


class _Program(Jsonata):  # type: ignore[misc]
    """A compiled expression, to be evaluated any number of times by any number of threads."""

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        numbers = super().evaluate_range_expression(lhs, rhs)
        if numbers is None:
            return None
        _check_size(rhs - lhs + 1, MAX_RANGE, "numbers in a range")
        return Utils.create_sequence_from_iter(range(lhs, rhs + 1))


@lru_cache(maxsize=4096)
def _compiled(text: str) -> _Program:
    try:
        program = _Program(text, _regex)
    except Exception as error:
        raise _failure(error, -1) from None
    _name_now_calls(program.ast)
    for name, function in _HARMLESS.items():
        program.environment.bind(name, function)
    return program


def _settle_in_thread(program: _Program) -> None:
    # The language evaluates with whatever instance it finds in its thread: it has to be one with our bounds.
    if type(getattr(Jsonata.CURRENT, "jsonata", None)) is not _Program:
        Jsonata.CURRENT.jsonata = copy.copy(program)


def _wrapped(document: Any) -> Any:
    # As Jsonata.evaluate does it: a list is one document, not a sequence of documents.
    if not isinstance(document, list):
        return document
    sequence = Utils.create_sequence(document)
    sequence.outer_wrapper = True
    return sequence


def _name_now_calls(root: Any) -> None:
    """Let ``$now()`` look up a function, while ``$now`` stays the variable."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting.extend(part)
        elif isinstance(part, Parser.Symbol) and id(part) not in seen:
            seen.add(id(part))
            procedure: Any = getattr(part, "procedure", None)
            if getattr(procedure, "type", None) == "variable" and procedure.value == "now":
                procedure.value = _NOW_CALL
            waiting.extend(vars(part).values())


def _regex(pattern: str, flags: Any) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not flags.case_insensitive
    options.one_line = not flags.multiline
    prefix = "(?m)" if flags.multiline else ""
    try:
        return re2.compile(prefix + pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        raise RefusedError(f"The regular expression cannot be used: {_text(reason)}.") from None


def _text(reason: Any) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def _failure(error: Exception, position: int) -> LanguageError:
    if isinstance(error, JException):
        words = str(error).removeprefix("JSonataException ").replace(" Object ", " function ")
        return LanguageError(words, error.location if error.location and error.location > 0 else position)
    if isinstance(error, RecursionError):
        return LanguageError("It is nested too deeply.", position)
    return LanguageError(str(error) or type(error).__name__, position)


def _function(signature: str, body: Callable[..., Any]) -> Any:
    return Jsonata.JFunction(Jsonata.JLambda(body), signature)


def _pad(text: str | None, width: float | None = None, char: str | None = None) -> Any:
    _check_size(abs(int(width or 0)), MAX_TEXT, "characters")
    return Functions.pad(text, width, char)


def _replace(text: str | None, pattern: Any, replacement: Any, limit: Any = None) -> Any:
    if text and isinstance(replacement, str):
        _check_size((len(text) + 1) * max(len(replacement), 1), MAX_TEXT * 10, "characters")
    return Functions.replace(text, pattern, replacement, limit)


def _join(texts: list[str] | None, separator: str | None = None) -> Any:
    if texts and separator:
        _check_size(len(texts) * len(separator), MAX_TEXT, "characters")
    return Functions.join(texts, separator)


def _distinct(items: Any) -> Any:
    # JSONata's own compares each with each.
    if not isinstance(items, list) or len(items) < 2:
        return items
    firsts: dict[str, Any] = {}
    for item in items:
        firsts.setdefault(identity(item), item)
    return Utils.create_sequence_from_iter(firsts.values())


def _no_eval(*_arguments: Any) -> Any:
    raise RefusedError("$eval is not available here.")


def _shuffled(frame: _Frame, items: list[Any] | None) -> Any:
    if items is None:
        return None
    copied = list(items)
    frame.rng().shuffle(copied)
    return copied


def _uuid(frame: _Frame) -> str:
    digits = f"{frame.rng().getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _to_millis(frame: _Frame, text: str | None, picture: str | None = None) -> Any:
    if text is None or picture is None or "[Y" in picture:
        return Functions.datetime_to_millis(text, picture)
    # JSONata takes what the picture leaves open from today's date: here, today in the sandbox.
    if "[M" in picture or "[D" in picture:
        return Functions.datetime_to_millis(f"{frame.now()[:4]} {text}", f"[Y0001] {picture}")
    return Functions.datetime_to_millis(f"{frame.now()[:10]} {text}", f"[Y0001]-[M01]-[D01] {picture}")


_WORLDLY: dict[str, Callable[[_Frame], Any]] = {
    _NOW_CALL: lambda frame: _function(
        "<s?s?:s>",
        lambda picture=None, zone=None: Functions.datetime_from_millis(frame.millis(), picture, zone),
    ),
    "millis": lambda frame: _function("<:n>", frame.millis),
    "random": lambda frame: _function("<:n>", lambda: frame.rng().random()),
    "uuid": lambda frame: _function("<:s>", lambda: _uuid(frame)),
    "shuffle": lambda frame: _function("<a:a>", lambda items=None: _shuffled(frame, items)),
    "toMillis": lambda frame: _function("<s-s?:n>", lambda *given: _to_millis(frame, *given)),
}
_HARMLESS = {
    "pad": _function("<s-ns?:s>", _pad),
    "replace": _function("<s-(sf)(sf)n?:s>", _replace),
    "distinct": _function("<x:x>", _distinct),
    "join": _function("<a<s>s?:s>", _join),
    "eval": _function("<sx?:x>", _no_eval),
}

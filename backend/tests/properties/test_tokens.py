"""Tokens: whatever is changed about one, it is refused; whatever the clock does, it is good until its end."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import NotAuthenticated
from app.models.user import DEFAULT_USER
from app.sandbox import Sandbox, Sandboxes
from app.services import accounts, api_keys, tokens
from app.services.scenarios import fill

from .test_machine_properties import examples

SECOND = 1_000_000
CHARACTERS = string.ascii_letters + string.digits + "-_.=+/ \n\x00ä"

CHANGES = st.one_of(
    st.tuples(st.just("replace"), st.integers(0), st.sampled_from(CHARACTERS)),
    st.tuples(st.just("insert"), st.integers(0), st.sampled_from(CHARACTERS)),
    st.tuples(st.just("delete"), st.integers(0), st.just("")),
    st.tuples(st.just("insert"), st.integers(0), st.sampled_from(["====", "!!!!", "\n\n\n\n"])),
    st.tuples(st.just("end"), st.just(0), st.text("=!\n.", min_size=1, max_size=4)),
    st.tuples(st.just("begin"), st.integers(0), st.just("")),
)


def made(seed: int = 1) -> Sandbox:
    return Sandboxes(Settings(pace="stopped", scenario="empty", seed=seed), SimulatedEngine, fill).get()


def changed(text: str, change: tuple[str, int, str]) -> str:
    how, place, character = change
    place %= len(text)
    before, behind = text[:place], text[place + 1 :]
    others = {"insert": before + character + text[place:], "end": text + character, "begin": before}
    return others.get(how, before + character + behind)


def code_of(box: Sandbox, credential: str) -> str:
    with pytest.raises(NotAuthenticated) as refused:
        accounts.authenticate(box, credential, in_address=not credential.startswith("usk_"))
    return refused.value.code


@pytest.fixture(scope="module")
def box() -> Sandbox:
    return made()


@pytest.fixture(scope="module")
def token(box: Sandbox) -> str:
    found: str = accounts.make_url_token(box, DEFAULT_USER, None)["access_token"]
    return found


@pytest.fixture(scope="module")
def key(box: Sandbox) -> str:
    found: str = api_keys.create(box, DEFAULT_USER, {"name": "any"})["key"]
    return found


@examples(600)
@example(change=("end", 0, "="))
@given(change=CHANGES)
def test_a_token_that_was_changed_in_whatever_way_is_refused(box, token, change):
    other = changed(token, change)
    if other == token:
        assert accounts.authenticate(box, other, in_address=True).id == DEFAULT_USER
    else:
        assert code_of(box, other) == "bad_token"


@examples(100)
@given(last=st.sampled_from(CHARACTERS))
def test_the_spare_bits_of_the_last_letter_are_looked_at_too(box, token, last):
    other = token[:-1] + last
    assert other == token or code_of(box, other) == "bad_token"


@examples(300)
@given(change=CHANGES)
def test_an_api_key_that_was_changed_in_whatever_way_is_refused(box, key, change):
    other = changed(key, change)
    if other == key:
        assert accounts.authenticate(box, other).id == DEFAULT_USER
    else:
        assert code_of(box, other) == "bad_token"


@examples(50)
@given(seed=st.integers(2, 2**53 - 1))
def test_a_token_of_another_seed_is_refused(token, seed):
    assert code_of(made(seed), token) == "bad_token"


NAMES, PASSWORDS = ("bob", "eve"), ("a password", "another one")


@examples(12)
@given(st.tuples(*[st.tuples(st.sampled_from(NAMES), st.sampled_from(PASSWORDS))] * 2))
def test_what_one_shows_is_good_in_another_sandbox_of_the_seed_for_the_same_person_alone(people):
    shown = []
    for username, password in people:
        box = made()
        told = accounts.register(box, {"username": username, "password": password})
        key = api_keys.create(box, told["user"]["id"], {"name": "any"})["key"]
        shown.append((box, told["user"]["id"], [told["access_token"], key]))
    (_, user_id, before), (box, other_id, after) = shown
    assert user_id == other_id
    assert (before == after) == (people[0] == people[1])
    for credential in before:
        if people[0] == people[1]:
            assert accounts.authenticate(box, credential).id == other_id
        else:
            assert code_of_header(box, credential) == "bad_token"


@examples(100)
@given(st.integers(0, 999), st.lists(st.integers(1, 30_000), max_size=12))
def test_a_token_is_good_exactly_until_its_end_whatever_the_jumps(start, jumps):
    box = made()
    with box.turn() as now:
        box.run_to(now + start * 1000)
    begun = box.now() // SECOND * SECOND
    token = accounts.make_url_token(box, DEFAULT_USER, None)["access_token"]
    for jump in [0, *jumps]:
        with box.turn() as now:
            box.run_to(now + jump * 1000)
        if box.now() < begun + tokens.SECONDS["url"] * SECOND:
            assert accounts.authenticate(box, token, in_address=True).id == DEFAULT_USER
        else:
            assert code_of(box, token) == "token_expired"


@examples(40)
@given(st.lists(st.integers(0, 5), max_size=8))
def test_of_all_refresh_tokens_of_a_login_the_latest_is_good_until_another_is_shown(shown):
    box = made()
    known = [accounts.log_in(box, "demo", "demo-password")]
    is_alive = True
    for place in shown:
        told = known[place % len(known)]
        if is_alive and told is known[-1]:
            known.append(accounts.refresh(box, told["refresh_token"]))
            continue
        with pytest.raises(NotAuthenticated):
            accounts.refresh(box, told["refresh_token"])
        is_alive = False
    for told in known:
        if is_alive:
            assert accounts.authenticate(box, told["access_token"]).id == DEFAULT_USER
        else:
            assert code_of_header(box, told["access_token"]) == "bad_token"


def code_of_header(box: Sandbox, credential: str) -> str:
    with pytest.raises(NotAuthenticated) as refused:
        accounts.authenticate(box, credential)
    return refused.value.code

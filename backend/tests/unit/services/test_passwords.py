"""Passwords: hashed as strongly as is advised, and slow for those who guess names, too."""

from __future__ import annotations

from argon2 import extract_parameters

from app import mock_data
from app.services.passwords import _NOBODYS, hash_password, is_right
from app.world import Chance


def test_the_right_password_is_right_and_no_other_is() -> None:
    made = hash_password(Chance(1), "correct horse", "any")
    assert is_right("correct horse", made)
    assert not is_right("Correct horse", made)
    assert not is_right("correct horse", None)


def test_it_takes_as_long_where_there_is_no_user() -> None:
    nobodys, known = (extract_parameters(made) for made in (_NOBODYS, hash_password(Chance(1), "any", "any")))
    assert nobodys == known


def test_one_password_has_two_hashes_for_two_purposes_and_the_same_for_one() -> None:
    first, again, other = (hash_password(Chance(1), "correct horse", purpose) for purpose in ("a", "a", "b"))
    assert first == again != other


def test_all_hashes_are_as_strong_as_is_advised() -> None:
    made = [hash_password(Chance(1), "correct horse", "any"), *(user["password_hash"] for user in mock_data.users())]
    assert {each.rpartition("p=1")[0] for each in made} == {"$argon2id$v=19$m=19456,t=2,"}


def test_the_users_of_every_sandbox_have_the_passwords_that_are_documented() -> None:
    for user in mock_data.users():
        assert is_right(f"{user['username']}-password", user["password_hash"])

"""The backend of the document as a real Django application: what the door is compared with.

Its four files stand in ``flow_editor`` as the document has them. Here is what the document leaves to a project: a
database in memory, bearer tokens in the place of sessions, and JSON as the only thing that is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.conf import settings

TOKENS = {"token-of-demo": "demo", "token-of-other": "other"}
"""By token: whose it is."""

_HERE = __name__.rpartition(".")[0]


def set_up() -> None:
    """Configure Django, once in a process, and make the tables."""
    if settings.configured:
        return
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rest_framework",
            f"{_HERE}.flow_editor",
        ],
        # What Django refuses is told to the caller here, and need not be in a log as well.
        LOGGING_CONFIG=None,
        LOGGING={},
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [f"{_HERE}.real.BearerAuthentication"],
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
        ROOT_URLCONF=f"{_HERE}.flow_editor.urls",
        SECRET_KEY="a test needs no secret",
        TIME_ZONE="UTC",
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.contrib.auth.models import User

    for name in TOKENS.values():
        User.objects.create(username=name)


set_up()

from rest_framework.authentication import TokenAuthentication  # noqa: E402  Django has to be configured before.
from rest_framework.exceptions import AuthenticationFailed  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402


class BearerAuthentication(TokenAuthentication):
    """Tokens as they are sent to us, with the words of Django REST framework for those that are wrong."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[Any, str]:
        from django.contrib.auth.models import User

        if key not in TOKENS:
            raise AuthenticationFailed("Invalid token.")
        return User.objects.get(username=TOKENS[key]), key


@contextmanager
def real_backend(token: str | None = "token-of-demo") -> Iterator[APIClient]:
    """A client of the real backend; what it does is undone in the end."""
    from django.db import transaction

    client = APIClient(raise_request_exception=False)
    if token is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    with transaction.atomic():
        yield client
        transaction.set_rollback(True)

"""The flows API of Open WebUI: the door for frontends that were written for ``/api/v1/flows/``."""

from __future__ import annotations

"""The page on the contract: its settings for a fuzzer fit the fuzzer, and the contract."""

from __future__ import annotations

import tomllib

from flask.testing import FlaskClient
from schemathesis.config import SchemathesisConfig

from tests.docs.pages import DOCS, read_blocks

SETTINGS = next(block.text for block in read_blocks(DOCS / "contract.md") if block.language == "toml")


def test_the_fuzzer_takes_its_settings() -> None:
    project = SchemathesisConfig.from_str(SETTINGS).projects.default
    assert project.request_timeout == 70
    assert project.parameters["X-Sandbox"] == "fuzz"


def test_every_parameter_that_bends_or_chooses_is_kept_still(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    shared = document["paths"]["/api/workflows"]["get"]["parameters"]
    named = [document["components"]["parameters"][one["$ref"].rpartition("/")[2]] for one in shared if "$ref" in one]
    assert set(tomllib.loads(SETTINGS)["parameters"]) == {one["name"] for one in named}

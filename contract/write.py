"""Writes everything that is generated from the code: the examples, the contract, what Postman and editors run.

    python contract/write.py

`--check` writes nothing, and fails if something is stale.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "contract")]

Json = Any


def make_files() -> dict[Path, str]:
    """The texts of all generated files, by path."""
    from examples import make_examples
    from http_file import write_http_file
    from postman import write_postman
    from problem_examples import make_problem_examples

    from app import routes
    from app.api.schemas.components import named_schemas
    from app.contract.document import build

    examples = {"operations": make_examples(), "problems": make_problem_examples()}
    document = build(routes(), named_schemas(), examples)
    texts = {
        ROOT / "backend" / "app" / "contract" / "examples.json": _as_text(examples),
        ROOT / "contract" / "openapi.json": _as_text(document),
    }
    postman = ROOT / "postman"
    return texts | write_postman(document, postman) | write_http_file(document, postman)


def stale_files() -> list[Path]:
    """The generated files that are not as they would be written now."""
    return [path for path, text in make_files().items() if not path.exists() or path.read_text("utf-8") != text]


def _as_text(document: Json) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _main() -> None:
    parser = argparse.ArgumentParser(description="Writes everything that is generated from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if something is stale")
    if parser.parse_args().check:
        stale = [str(path.relative_to(ROOT)) for path in stale_files()]
        sys.exit(f"Stale, run python contract/write.py: {', '.join(stale)}" if stale else 0)
    for path, text in make_files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))
    print("The types of the client are made of these by Node: npm run generate, in clients/typescript.")


if __name__ == "__main__":
    _main()

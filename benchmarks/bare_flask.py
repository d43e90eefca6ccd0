"""The reference: a Flask application that does nothing but answer, on the same server as Understudy.

``python benchmarks/bare_flask.py FILE...`` sends the bytes of the first file at ``/0``, of the second at ``/1`` and so
on; ``POST /parse`` parses JSON and says how many keys it has.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask, Response, request

# isort: split
from backend.app.config import Settings
from backend.app.server import Server, listen, tune_collector


def make_app(bodies: list[bytes]) -> Flask:
    """The application."""
    app = Flask(__name__, static_folder=None)
    # The server asks it for some of its manners.
    app.config["UNDERSTUDY"] = Settings()

    @app.get("/<int:place>")
    def send(place: int) -> Response:
        return Response(bodies[place], mimetype="application/json")

    @app.post("/parse")
    def parse() -> tuple[dict[str, int], int]:
        return {"keys": len(request.get_json())}, 201

    @app.get("/health")
    def tell_health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def main() -> None:
    """Serve until somebody ends the process."""
    bodies = [Path(name).read_bytes() for name in sys.argv[1:]]
    server = Server(make_app(bodies), listen("127.0.0.1", 0))
    tune_collector()
    print(f"http://127.0.0.1:{server.port}/", flush=True)
    server.serve()


if __name__ == "__main__":
    main()

"""The house stands as it was drawn: imports go down only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_imports_go_down_only() -> None:
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, 'backend'); {lint}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_heavy_libraries_are_not_loaded_at_the_start() -> None:
    heavy = ("PIL", "faker", "jsonata", "jsonschema", "pypdf", "tinytag")
    script = (
        "import sys; from backend.app import create_app; from backend.app.config import Settings;"
        "create_app(Settings(scenario='empty'));"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

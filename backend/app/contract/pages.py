"""Pages of ours for a browser: small, whole in themselves, without a script or a request to anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

import orjson

from ..web.addresses import address
from .examples import read_examples
from .problems import AnswerCode, Entry, IssueCode, answers, failures, find_entries, issues

_STYLE = """
      :root { color-scheme: light dark; --soft: #667085; --line: #d9dde5; --back: #f4f5f8; --link: #1f5fd0; }
      @media (prefers-color-scheme: dark) {
        :root { --soft: #98a2b3; --line: #363b46; --back: #1d2129; --link: #86b0ff; }
        body { background: #14171c; color: #e6e8ec; }
      }
      * { box-sizing: border-box; }
      body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
      a { color: var(--link); }
      nav { display: flex; gap: 1.25rem; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
      h1 { font-size: 1.6rem; line-height: 1.25; margin: 2rem 0 .25rem; }
      h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
      h3 { font-size: .85rem; margin: 1.5rem 0 0; color: var(--soft); font-weight: 600; }
      p { margin: .25rem 0 .75rem; }
      code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
      code { background: var(--back); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
      pre { background: var(--back); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem;
            white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; }
      .soft { color: var(--soft); }
      ul { list-style: none; padding: 0; margin: 0; }
      li { padding: .55rem 0; border-top: 1px solid var(--line); }
      li .soft { float: right; margin-left: 1rem; }
      li p { margin: .1rem 0 0; }
"""

_WORDS = {"answer": "As the answer to a request", "failure": "As a failure", "issue": "As an issue of a graph"}

_HEADINGS = {"answer": "Answers", "failure": "Failures", "issue": "Issues"}

_ABOUT = {
    "answer": "Codes of problems, which answers of 400 and above have as their body.",
    "failure": "Codes in the <code>error</code> of an execution or of a node execution.",
    "issue": "Codes of what is wrong with a graph, as <code>validate</code> and <code>execute</code> tell it.",
}


_SANDBOX_FORM = """
      <form>
        <label>Sandbox <input name="sandbox" value="demo" required pattern="[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}"></label>
        <button>Open the console</button>
      </form>
"""
"""The console is at this address, too, for who names a sandbox."""


def problem_page(code: str) -> str:
    """What an error code means, and what to do about it.

    :raises NotFound: ``problem_not_found``.
    """
    found = find_entries(code)
    if len(found) > 1:
        return page(code, *(_part(entry, f"{_WORDS[entry.kind]}: {entry.title}") for entry in found))
    return page(
        found[0].title, f'<p class="soft"><code>{escape(code)}</code></p>', _part(found[0], _WORDS[found[0].kind])
    )


def home_page(title: str, lead: str, links: Mapping[str, str], *, asks_sandbox: bool = False) -> str:
    """Where things are.

    :param links: by address: what is there.
    :param asks_sandbox: whether it has the way to the console, which needs the name of a sandbox.
    """
    rows = "\n".join(
        f'<li><a href="{escape(path)}">{escape(path)}</a><p>{escape(about)}</p></li>' for path, about in links.items()
    )
    form = _SANDBOX_FORM if asks_sandbox else ""
    return page(title, f"<p>{escape(lead)}</p>", form, f"<ul>{rows}</ul>")


def problems_page() -> str:
    """All error codes, with links to their pages."""
    lead = "<p>What can go wrong, by code. A problem's <code>type</code> is the address of its page.</p>"
    places = " · ".join(f'<a href="#{kind}">{words}</a>' for kind, words in _HEADINGS.items())
    parts = [_list(listed.values()) for listed in (answers(), failures(), issues())]
    return page("Error codes", lead, f"<p>{places}</p>", *parts)


def page(title: str, *parts: str) -> str:
    """A page of ours.

    :param title: plain text.
    :param parts: HTML.
    """
    inside = "\n".join(parts)
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <title>{escape(title)} - Understudy</title>
    <style>{_STYLE}    </style>
  </head>
  <body>
    <nav>{_link("/", "Understudy")} {_link("/problems", "Error codes")} {_link("/docs", "API")}</nav>
    <main>
      <h1>{escape(title)}</h1>
{inside}
    </main>
  </body>
</html>
"""


def _part(entry: Entry, heading: str) -> str:
    return "\n".join(
        [
            f"<h2>{escape(heading)}</h2>",
            f"<p>{_where(entry)}</p>",
            f"<h3>What happened</h3>\n<p>{_text(entry.happened)}</p>",
            f"<h3>What to do</h3>\n<p>{_text(entry.do)}</p>",
            _sample(entry) if isinstance(entry, AnswerCode) else "",
        ]
    )


def _where(entry: Entry) -> str:
    """With what it comes."""
    if isinstance(entry, AnswerCode):
        return f"It comes with status {_or(entry.statuses)}."
    if isinstance(entry, IssueCode):
        return f"Its severity is {_or(entry.severities)}."
    return "It stands in the <code>error</code> of an execution or of a node execution."


def _sample(answer: AnswerCode) -> str:
    example = read_examples()["problems"].get(answer.code)
    if example is None:
        return ""
    body = orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()
    return f"<h3>How it looks</h3>\n<pre>{escape(body)}</pre>"


def _list(listed: Iterable[Entry]) -> str:
    rows = list(listed)
    kind = rows[0].kind
    lines = "\n".join(
        f'<li><span class="soft">{_badge(entry)}</span>{_link(f"/problems/{entry.code}", entry.code)}'
        f"<p>{_text(entry.title)}</p></li>"
        for entry in rows
    )
    return f'<h2 id="{kind}">{_HEADINGS[kind]}</h2>\n<p>{_ABOUT[kind]}</p>\n<ul>\n{lines}\n</ul>'


def _badge(entry: Entry) -> str:
    if isinstance(entry, AnswerCode):
        return ", ".join(map(str, entry.statuses))
    return ", ".join(entry.severities) if isinstance(entry, IssueCode) else ""


def _or(words: Iterable[object]) -> str:
    return " or ".join(f"<code>{escape(str(word))}</code>" for word in words)


def _text(told: str) -> str:
    """A text as HTML, what is between backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(told))


def _link(path: str, words: str) -> str:
    return f'<a href="{escape(address(path))}">{escape(words)}</a>'

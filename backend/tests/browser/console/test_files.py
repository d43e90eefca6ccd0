"""The room of the files: they come in, are looked at, found, taken away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

DROP = """(zone, name) => {
  const data = new DataTransfer();
  data.items.add(new File(["dropped"], name, { type: "text/plain" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def scenario() -> str:
    """With six files of people, and three that executions wrote."""
    return "demo"


def text_file(name: str, text: str = "Hello") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def choose(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Files to upload").first.set_input_files(files)


def cards(page: Page) -> Locator:
    return page.get_by_role("list", name="Files", exact=True).get_by_role("button")


def kept(sandbox: SandboxClient, name: str) -> list[Any]:
    found: list[Any] = sandbox.get("/api/files")["items"]
    return [file for file in found if file["name"] == name]


def test_several_files_at_once_come_into_the_gallery(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    choose(page, text_file("one.txt"), text_file("two.txt"))
    expect(page.get_by_text("2 of 2 uploaded")).to_be_visible()
    expect(page.get_by_role("button", name="one.txt text")).to_be_visible()
    expect(page.get_by_role("button", name="two.txt text").locator("img")).to_be_visible()
    assert len(kept(sandbox, "one.txt")) == len(kept(sandbox, "two.txt")) == 1
    page.get_by_role("button", name="Clear uploaded").click()
    expect(page.get_by_role("region", name="Uploads")).to_have_count(0)


def test_a_file_is_dropped_anywhere_on_the_page(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    page.get_by_role("heading", name="Files", exact=True).evaluate(DROP, "dropped.txt")
    expect(page.get_by_role("button", name="dropped.txt text")).to_be_visible()
    assert kept(sandbox, "dropped.txt")[0]["size"] == len("dropped")


def test_progress_is_that_of_the_bytes_and_an_upload_can_be_cancelled(console: Console, sandbox: SandboxClient) -> None:
    sandbox.faults.add(match={"path": "/api/files/upload"}, delay_ms=60_000)
    page = console.open("/files")
    choose(page, text_file("slow.txt", "x" * 200_000))
    expect(page.get_by_role("progressbar", name="Upload of slow.txt")).to_have_js_property("value", 1)
    expect(page.get_by_text("Being read")).to_be_visible()
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Cancel slow.txt").click()
    expect(page.get_by_role("region", name="Uploads")).to_have_count(0)


def test_what_is_refused_says_why_takes_none_along_and_can_be_tried_again(
    console: Console, sandbox: SandboxClient
) -> None:
    sandbox.faults.add(match={"path": "/api/files/upload"}, status=413, times=1)
    console.expect_refusal(413, "/api/files/upload")
    page = console.open("/files")
    choose(page, text_file("first.txt"), text_file("second.txt"))
    expect(page.get_by_text("Too large.")).to_be_visible()
    expect(page.get_by_text("1 of 2 uploaded")).to_be_visible()
    page.get_by_role("button", name="again").click()
    expect(page.get_by_text("2 of 2 uploaded")).to_be_visible()
    assert len(kept(sandbox, "first.txt")) == len(kept(sandbox, "second.txt")) == 1


def test_an_empty_file_is_refused_in_words(console: Console) -> None:
    console.expect_refusal(422, "/api/files/upload")
    page = console.open("/files")
    choose(page, text_file("nothing.txt", ""))
    expect(page.get_by_role("region", name="Uploads").get_by_text("nothing.txt is empty.")).to_be_visible()


def test_files_are_found_by_name_and_kind_and_come_in_the_order_that_is_chosen(console: Console) -> None:
    page = console.open("/files")
    page.get_by_label("Kind").select_option("Images")
    expect(cards(page)).to_have_count(2)
    page.get_by_label("Sort by").select_option("Largest first")
    expect(cards(page).first).to_contain_text("valley-at-dusk.jpg")
    page.get_by_label("Sort by").select_option("Smallest first")
    expect(cards(page).first).to_contain_text("logo.png")
    page.get_by_label("Search files").fill("nobody has this")
    expect(page.get_by_role("heading", name="No file matches")).to_be_visible()
    page.get_by_role("button", name="Show all files").click()
    page.get_by_label("Search files").fill("QUARTERLY")
    expect(cards(page)).to_have_count(1)


def test_a_picture_tells_what_is_known_of_it(console: Console) -> None:
    page = console.open("/files")
    page.get_by_role("button", name="valley-at-dusk.jpg").click()
    dialog = page.get_by_role("dialog", name="valley-at-dusk.jpg")
    expect(dialog.get_by_role("img", name="Preview of valley-at-dusk.jpg")).to_be_visible()
    for words in ("image/jpeg", "960 \u00d7 640 pixels", "26 kB (25,870 bytes)", "EXIF: Make", "Lumen X2"):
        expect(dialog.get_by_text(words, exact=True)).to_be_visible()


def test_a_text_is_read_in_place_and_a_sound_has_a_player(console: Console) -> None:
    page = console.open("/files")
    page.get_by_role("button", name="hall2-readings.csv").click()
    expect(page.get_by_label("Text of hall2-readings.csv")).to_contain_text("timestamp,sensor_id,value,unit")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="chime.wav").click()
    expect(page.get_by_label("Play chime.wav")).to_have_js_property("readyState", 4)


def test_a_file_is_downloaded_under_its_name(console: Console) -> None:
    page = console.open("/files")
    page.get_by_role("button", name="site-visit.md").click()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download").click()
    assert downloaded.value.suggested_filename == "site-visit.md"
    assert len(downloaded.value.path().read_bytes()) == 334


def test_a_file_goes_only_after_a_second_word(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    page.get_by_role("button", name="logo.png").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Cancel").click()
    assert kept(sandbox, "logo.png")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this file?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="logo.png")).to_have_count(0)
    assert not kept(sandbox, "logo.png")


def test_a_file_that_a_node_writes_appears_by_itself(console: Console, sandbox: SandboxClient) -> None:
    node = {"id": "write", "type": "write_file", "data": {"config": {"name": "made", "content": "Hello"}}}
    workflow = sandbox.post("/api/workflows", {"nodes": [node]})
    page = console.open("/files")
    expect(cards(page)).to_have_count(9)
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(page.get_by_role("button", name="made")).to_be_visible()


def test_where_a_picture_cannot_be_made_there_is_an_icon(console: Console, sandbox: SandboxClient) -> None:
    [file] = kept(sandbox, "logo.png")
    sandbox.faults.add(match={"path": f"/api/files/{file['id']}/thumbnail"}, status=500)
    console.expect_refusal(500, "/thumbnail?size=256")
    page = console.open("/files")
    card = page.get_by_role("button", name="logo.png")
    expect(page.get_by_role("button", name="valley-at-dusk.jpg").locator("img")).to_be_visible()
    expect(card.locator("svg")).to_be_visible()
    expect(card.locator("img")).to_have_count(0)


def test_a_name_that_looks_like_html_is_a_name(console: Console) -> None:
    name = "<img src=x onerror=alert(1)>.txt"
    page = console.open("/files")
    choose(page, text_file(name))
    cards(page).filter(has_text="onerror=alert(1)").click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_contain_text("onerror=alert(1)")


def test_many_files_come_in_pages(console: Console) -> None:
    page = console.open("/files")
    choose(page, *(text_file(f"note-{number:02}.txt") for number in range(20)))
    expect(page.get_by_text("20 of 20 uploaded")).to_be_visible()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(cards(page)).to_have_count(5)
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()


@pytest.mark.parametrize("scenario", ["empty"])
def test_where_there_are_no_files_the_room_says_how_they_come(console: Console) -> None:
    page = console.open("/files")
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    expect(page.get_by_text("Drop files anywhere on this page, or choose some.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_with_a_very_long_name_is_seen_whole(console: Console, width: int) -> None:
    console.page.set_viewport_size({"width": width, "height": 844})
    page = console.open("/files")
    choose(page, text_file("n" * 236 + ".txt", "What it says"))
    cards(page).filter(has_text="nnnn").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="Text of nnnn")).to_be_in_viewport(ratio=0.9)
    expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    assert dialog.evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_a_file_that_somebody_else_deleted_is_gone(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    expect(cards(page).filter(has_text="chime.wav")).to_be_visible()
    (file,) = kept(sandbox, "chime.wav")
    sandbox.delete(f"/api/files/{file['id']}")
    console.expect_refusal(404, f"/api/files/{file['id']}")
    # The player may ask for the bytes before it is known that they are gone.
    console.expect_refusal(404, f"/api/files/{file['id']}/content")
    console.expect_refusal(404, f"/api/files/{file['id']}/content")
    cards(page).filter(has_text="chime.wav").click()
    expect(page.get_by_text("chime.wav is not there any more.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(cards(page).filter(has_text="chime.wav")).to_have_count(0)


def test_uploads_that_end_together_give_up_no_list(console: Console) -> None:
    given_up: list[str] = []
    page = console.open("/files")
    expect(cards(page).filter(has_text="chime.wav")).to_be_visible()
    page.on("requestfailed", lambda request: given_up.append(request.url) if "/api/files?" in request.url else None)
    choose(page, *[text_file(f"small-{number}.txt") for number in range(12)])
    expect(page.get_by_text("12 of 12 uploaded")).to_be_visible()
    expect(cards(page).filter(has_text="small-")).to_have_count(12)
    assert given_up == []

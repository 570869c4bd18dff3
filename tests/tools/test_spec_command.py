"""``make spec``: from the vendor's page to openapi.yaml, whatever the page looks like, or not at all."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.changing import FROZEN, as_3_1, changed, parameters_of
from tools import source, spec
from tools.document import parse

OURS = FROZEN.read_text()


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy of the frozen document."""
    path = tmp_path / "ours" / "openapi.yaml"
    path.parent.mkdir()
    path.write_text(OURS)
    return path


def fenced(content: str, opening: str = "````yaml POST /images/generations", closing: str = "````") -> str:
    before = "> ## Index\n\n# Create Image\n\n```bash\ncurl https://x/openapi.yaml\n```\n\n"
    return f"{before}{opening}\n{content}\n{closing}\n\nMore.\n"


def newer() -> str:
    """A document with one more parameter."""
    return json.dumps(
        changed(lambda document: parameters_of(document).update(style={"type": "string"})), indent=2
    )


def indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


PAGES = {
    "the vendor's fence": fenced(OURS),
    "with the blank line that the vendor has before its end": fenced(OURS + "\n"),
    "a sister page's fence": fenced(OURS, "````yaml /voice/openapi.json POST /audio/generations"),
    "three backticks": fenced(OURS, "```yaml", "```"),
    "a fence without a word": fenced(OURS, "`````", "`````"),
    "tildes": fenced(OURS, "~~~ yml", "~~~~"),
    "a fence inside a list": fenced(indented(OURS, "   "), "   ```yaml", "   ```"),
    "line ends of another system": fenced(OURS).replace("\n", "\r\n"),
    "the document itself": OURS,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_document_is_found_byte_for_byte(page: str, tmp_path: Path, ours: Path) -> None:
    ours.unlink()
    (tmp_path / "page.md").write_bytes(page.encode())
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == 0
    assert ours.read_text() == OURS
    assert [path.name for path in ours.parent.iterdir()] == ["openapi.yaml"]


def test_a_document_may_hold_fences_and_be_json(tmp_path: Path, ours: Path) -> None:
    described = changed(lambda document: document["info"].update(description="Like:\n```\ncurl\n```\n"))
    (tmp_path / "page.md").write_text(fenced(json.dumps(described, indent=2), "```json", "```"))
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == 0
    assert parse(ours.read_text()) == described


def test_of_several_documents_the_one_with_our_operation_is_taken(tmp_path: Path, ours: Path) -> None:
    sister = json.dumps(changed(lambda document: document.update(paths={})))
    (tmp_path / "page.md").write_text(fenced(sister) + fenced(OURS))
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == 0
    assert ours.read_text() == OURS


def without(line: str) -> str:
    return "\n".join(old for old in OURS.splitlines() if old.strip() != line)


BROKEN = {
    "no document": ("# Create Image\n\n```yaml\nkey: value\n```\n", "no OpenAPI document"),
    "nothing": ("", "empty"),
    "HTML": (f"<!DOCTYPE html><pre>\n```yaml\n{OURS}```</pre>".replace("```", ""), "HTML"),
    "a page that is cut off": (fenced(OURS, closing=""), "line 9 has no end"),
    "YAML that is none": (fenced(OURS.replace("paths:", "paths: [")), "line 9: this is no YAML: line"),
    "an invalid document": (fenced(without("version: 1.1.0")), "info: 'version' is a required property"),
    "a document that says things twice": (fenced(f"{OURS}openapi: 3.0.3"), "'openapi' twice"),
    "a reference that leads nowhere": (
        fenced(OURS.replace("schemas/RateLimitErrorResponse'", "schemas/Gone'")),
        'responses["429"].content["application/json"].schema: the $ref \'#/components/schemas/Gone\'',
    ),
    "two that fit": (fenced(OURS) + fenced(newer()), "2 OpenAPI documents"),
}


@pytest.mark.parametrize(("page", "words"), BROKEN.values(), ids=BROKEN)
def test_a_page_without_a_good_document_changes_nothing(
    page: str, words: str, tmp_path: Path, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.md").write_text(page)
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == spec.BAD
    said = capsys.readouterr()
    assert words in said.err
    assert "Nothing is changed." in said.err
    assert said.out == ""
    assert ours.read_text() == OURS
    assert [path.name for path in ours.parent.iterdir()] == ["openapi.yaml"]


def test_what_changed_is_told_in_words(
    tmp_path: Path, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.md").write_text(fenced(newer()))
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours), "--check"]) == spec.DIFFERENT
    assert ours.read_text() == OURS
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == 0
    said = capsys.readouterr().out
    assert said.count("[compatible] POST /images/generations: parameter 'style' is new (string)") == 2
    assert parse(ours.read_text()) == json.loads(newer())
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours), "--check"]) == spec.SAME


def test_another_layout_is_no_change(tmp_path: Path, ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.md").write_text(fenced(json.dumps(changed(), sort_keys=True)))
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours), "--check"]) == spec.SAME
    assert spec.main([str(tmp_path / "page.md"), "--document", str(ours)]) == 0
    said = capsys.readouterr().out
    assert "Only its layout differs." in said
    assert "content is the same" in said


def test_a_document_of_another_page_is_taken_with_a_warning(
    tmp_path: Path, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.yaml").write_text(
        json.dumps(changed(as_3_1, lambda document: document.update(paths={})))
    )
    assert spec.main([str(tmp_path / "other.yaml"), "--document", str(ours)]) == 0
    assert "has no POST /images/generations" in capsys.readouterr().err


class _Pages(http.server.BaseHTTPRequestHandler):
    """Answers with what the path asks for."""

    def do_GET(self) -> None:
        answers = {
            "/create.md": (200, fenced(OURS)),
            "/short.md": (200, fenced(OURS)[:4000]),
            "/page": (200, "<html><body>Create Image</body></html>"),
        }
        status, text = answers.get(self.path, (404, "# Not Found"))
        if self.path == "/moved.md":
            self.send_response(302)
            self.send_header("Location", "/create.md")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(text) + (5 if self.path == "/short.md" else 0)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a server of such pages."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("page", ["create.md", "moved.md"])
def test_a_page_comes_over_http(page: str, site: str, ours: Path) -> None:
    ours.write_text("openapi: 3.0.3\n")
    assert spec.main([f"{site}/{page}", "--document", str(ours)]) == 0
    assert ours.read_text() == OURS


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        ("gone.md", spec.UNREACHABLE, "answers 404 Not Found"),
        ("short.md", spec.UNREACHABLE, "cannot be reached"),
        ("page", spec.BAD, "HTML"),
    ],
)
def test_a_page_that_cannot_be_used_is_told_apart_from_another_document(
    page: str, status: int, words: str, site: str, ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--check"]):
        assert spec.main([f"{site}/{page}", "--document", str(ours), *more]) == status
        assert words in capsys.readouterr().err
    assert ours.read_text() == OURS


def test_offline_says_so(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), _Pages) as server:
        port = server.server_port
    # Nobody listens there any more.
    assert (
        spec.main([f"http://127.0.0.1:{port}/create.md", "--check", "--document", str(ours)])
        == spec.UNREACHABLE
    )
    assert "cannot be reached" in capsys.readouterr().err


def test_files_are_named_by_path_or_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a page.md"
    path.write_text("text")
    assert source.fetch(str(path)) == source.fetch(path.as_uri()) == "text"
    assert spec.main([str(tmp_path / "missing.md")]) == spec.UNREACHABLE
    assert "missing.md cannot be read: No such file" in capsys.readouterr().err

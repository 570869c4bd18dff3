"""The command line as a user meets it: what is printed where, what is written, and the exit status."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from qubrid_api.image_parameters import PARAMETERS
from qubrid_api.spec import SPEC_VERSION

from tests.support.cli import INTERRUPTIBLE, PNG, Command, asked, made, refusal, service
from tests.support.clients import KEY
from tests.support.document import EXAMPLES
from tests.support.pictures import b64
from tests.support.wire import Received, Wait, WireServer, reply

FULL = EXAMPLES["Full"]


@pytest.fixture
def qubrid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, monkeypatch, capsys)


class TestPictures:
    def test_a_picture_is_saved_here_and_named_after_its_prompt(self, qubrid: Command) -> None:
        with service() as server:
            ran = qubrid.generate(server, "A red fox, in snow!", "--seed", "7")
        assert ran.out == "a-red-fox-in-snow.png  (qwen-image, seed 7, request req-1)\n"
        assert (ran.status, ran.err) == (0, "")
        assert (qubrid.folder / "a-red-fox-in-snow.png").read_bytes() == PNG

    def test_nothing_is_sent_that_was_not_given(self, qubrid: Command) -> None:
        with service() as server:
            qubrid.generate(server, "A futuristic city skyline at sunset")
        assert asked(server) == [EXAMPLES["Minimal"]]

    def test_the_documents_full_example_can_be_typed(self, qubrid: Command) -> None:
        with service() as server:
            ran = qubrid.generate(
                server,
                *(FULL["prompt"], "-m", "qwen-image", "--no-enhance-prompt", "--go-fast", "--guidance", "3"),
                *("--negative-prompt", "", "--num-inference-steps", "30", "--seed", "null"),
                *("--no-disable-safety-checker", "--image", "null", "--strength", "0"),
                *("--lora-weights", "null", "--lora-scale", "1", "--extra-lora-weights", "[]"),
                *("--extra-lora-scale", "1", "--extra-lora-scale", "1", "--aspect-ratio", "16:9"),
                *("--image-size", "optimize_for_quality", "--output-format", "webp"),
                *("--output-quality", "80"),
            )
        assert ran.status == 0
        assert asked(server) == [FULL]

    def test_any_other_parameter_goes_in_as_json_or_as_a_string(self, qubrid: Command) -> None:
        with service() as server:
            qubrid.generate(server, "x", "-p", "width=1024", "-p", "size=1K", "-p", "tags=[1]", "-p", "a=b=c")
        extra = {"width": 1024, "size": "1K", "tags": [1], "a": "b=c"}
        assert asked(server) == [{"model": "qwen-image", "prompt": "x", **extra}]

    def test_nothing_is_overwritten_unless_asked_for(self, qubrid: Command) -> None:
        (qubrid.folder / "fox.png").write_bytes(b"mine")
        with service() as server:
            assert qubrid.generate(server, "fox", "-q").out == "fox-2.png\n"
            assert qubrid.generate(server, "fox", "-q", "-n", "2").out == "fox-3.png\nfox-4.png\n"
            assert (qubrid.folder / "fox.png").read_bytes() == b"mine"
            ran = qubrid.generate(server, "fox", "-q", "-n", "2", "--overwrite")
        assert ran.out == "fox.png\nfox-2.png\n"
        assert (qubrid.folder / "fox.png").read_bytes() == PNG

    def test_output_is_a_file_or_a_folder(self, qubrid: Command) -> None:
        (qubrid.folder / "there").mkdir()
        with service() as server:
            assert qubrid.generate(server, "fox", "-q", "-o", "there").out == f"there{os.sep}fox.png\n"
            assert qubrid.generate(server, "fox", "-q", "-o", "new/deep/").out == "new/deep/fox.png\n"
            ran = qubrid.generate(server, "fox", "-o", "a.webp")
        assert ran.out.startswith("a.png  (")
        assert ran.err == "The picture is not a WEBP, so its file ends in .png.\n"

    def test_an_output_file_that_is_there_is_refused_before_anything_is_sent(self, qubrid: Command) -> None:
        (qubrid.folder / "fox.png").write_bytes(b"mine")
        with service() as server:
            ran = qubrid.generate(server, "x", "-o", "fox.png")
        assert (ran.status, server.requests) == (15, [])
        assert "--overwrite" in ran.err

    def test_several_pictures_count_up_from_the_seed(self, qubrid: Command) -> None:
        with service() as server:
            ran = qubrid.generate(server, "fox", "--n", "3", "--seed", "7", "--json")
        assert [body["seed"] for body in asked(server)] == [7, 8, 9]
        assert [picture["seed"] for picture in ran.pictures] == [7, 8, 9]

    def test_several_pictures_without_a_seed_get_ones_that_are_shown(self, qubrid: Command) -> None:
        with service() as server:
            ran = qubrid.generate(server, "fox", "--n", "3", "--json")
        seeds = [body["seed"] for body in asked(server)]
        assert len(set(seeds)) == 3
        assert [picture["seed"] for picture in ran.pictures] == seeds

    def test_json_says_everything_about_each_picture(self, qubrid: Command) -> None:
        with service() as server:
            (found,) = qubrid.generate(server, "fox", "--json", "-m", "z-image-turbo").pictures
        assert found == {
            "path": "fox.png",
            "model": "z-image-turbo",
            "seed": None,
            "request_id": "req-1",
            "attempts": 1,
            "url": "/files/a.png?signature=abc&x=1",
            "created": "2024-03-09T16:00:00+00:00",
        }

    def test_the_key_may_come_from_a_file(self, qubrid: Command) -> None:
        file = qubrid.folder / "key.txt"
        file.write_text(f"{KEY}\nmore\n")
        file.chmod(0o600)
        qubrid.monkeypatch.delenv("QUBRID_API_KEY")
        with service() as server:
            ran = qubrid.generate(server, "fox", "--key-file", "key.txt")
            assert (ran.status, ran.err) == (0, "")
            file.chmod(0o644)
            ran = qubrid.generate(server, "fox", "--key-file", "key.txt")
        assert ran.status == 0
        assert "other users may read the key" in ran.err
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


class TestTrouble:
    def test_retries_are_told_as_they_happen(self, qubrid: Command) -> None:
        with service(refusal(429, "Slow down.", {"retry-after": "0.01"}), made()) as server:
            ran = qubrid.generate(server, "fox")
        assert ran.status == 0
        assert ran.err.startswith(
            "Attempt 1 of 3 failed: 429 Too Many Requests: Slow down. Trying again in 0."
        )

    @pytest.mark.parametrize(("status", "exit_status"), [(400, 7), (401, 5), (402, 6), (403, 5), (404, 8)])
    def test_an_error_that_would_repeat_ends_a_series(
        self, qubrid: Command, status: int, exit_status: int
    ) -> None:
        with service(made(), refusal(status)) as server:
            ran = qubrid.generate(server, "fox", "-n", "4", "-q")
        assert (ran.status, ran.out, len(asked(server))) == (exit_status, "fox.png\n", 2)
        assert "2 of the 4 pictures were not tried" in ran.err

    def test_a_temporary_error_does_not_end_a_series(self, qubrid: Command) -> None:
        with service(made(), refusal(503, "busy"), refusal(429), made()) as server:
            ran = qubrid.generate(server, "fox", "-n", "4", "--seed", "1", "--retries", "0")
        assert [line.split()[0] for line in ran.out.splitlines()] == ["fox.png", "fox-2.png"]
        # The status of the first error, and errors that say which picture they are about.
        assert ran.status == 10
        assert "Picture 2 of 4, seed 2: 503 Service Unavailable: busy. [request id req-9]" in ran.err

    def test_errors_as_json(self, qubrid: Command) -> None:
        with service(refusal(402, "No credits.", code="insufficient_quota")) as server:
            ran = qubrid.generate(server, "fox", "--json")
        (error,) = ran.errors
        assert ran.pictures == []
        assert (error["class"], error["exit_status"]) == ("InsufficientCreditsError", ran.status)
        assert (error["outcome"], error["status"], error["code"]) == ("rejected", 402, "insufficient_quota")
        assert error["request_id"] == "req-9"

    def test_a_possibly_billed_request_is_repeated_only_when_told_to(self, qubrid: Command) -> None:
        with service(refusal(504, "late"), made()) as server:
            ran = qubrid.generate(server, "fox")
            assert (ran.status, len(asked(server))) == (12, 1)
            assert "billed. --retry-unknown allows" in ran.err
        with service(refusal(504, "late", {"retry-after": "0.01"}), made()) as server:
            assert qubrid.generate(server, "fox", "--retry-unknown").status == 0

    def test_the_output_is_tried_before_a_picture_is_paid_for(self, qubrid: Command) -> None:
        (qubrid.folder / "file").write_text("")
        with service() as server:
            ran = qubrid.generate(server, "fox", "-o", "file/fox.png")
        assert (ran.status, server.requests) == (15, [])
        assert "Cannot write to the folder 'file'" in ran.err
        assert "nothing was sent" in ran.err

    def test_a_picture_that_is_paid_for_is_kept_somewhere(self, qubrid: Command) -> None:
        folder = qubrid.folder / "foxes"

        def answer(request: Received) -> bytes:
            folder.rmdir()
            folder.write_text("in the way")
            return reply(200, {"data": [{"b64_json": b64(PNG)}]})

        with WireServer(answer) as server:
            ran = qubrid.generate(server, "fox", "-o", "foxes/")
        assert ran.status == 15
        assert ran.out.startswith("fox.png  (")
        assert ran.err.splitlines()[1] == "The picture is not lost: it is kept at fox.png"
        assert (qubrid.folder / "fox.png").read_bytes() == PNG

    def test_a_picture_that_cannot_be_fetched_is_named_with_its_whole_address(self, qubrid: Command) -> None:
        def answer(request: Received) -> bytes:
            return made() if request.method == "POST" else reply(403, "expired")

        with WireServer(answer) as server:
            ran = qubrid.generate(server, "fox", "-n", "2")
            url = f"{server.url}/files/a.png?signature=abc&x=1"
            assert (ran.status, len(asked(server))) == (14, 1)
            assert f"curl -fLo fox '{url}'" in ran.err
            (error,) = qubrid.generate(server, "fox", "--json").errors
        assert (error["url"], error["request_id"]) == (url, "req-1")

    def test_an_answer_that_cannot_be_read_is_kept(self, qubrid: Command) -> None:
        with service(reply(200, "<p>Enjoy your picture</p>")) as server:
            ran = qubrid.generate(server, "fox", "-o", "out/")
        assert ran.status == 13
        assert "kept at out/fox.answer" in ran.err
        assert (qubrid.folder / "out" / "fox.answer").read_text() == "<p>Enjoy your picture</p>"

    def test_folders_made_for_nothing_are_removed(self, qubrid: Command) -> None:
        with service(refusal(402)) as server:
            qubrid.generate(server, "fox", "-o", "new/deep/")
        assert list(qubrid.folder.iterdir()) == []

    def test_a_service_does_not_steer_the_terminal(self, qubrid: Command) -> None:
        with service(refusal(400, "\x1b[2J\x9b1mAll\nis well")) as server:
            ran = qubrid.generate(server, "fox")
        assert "All is well. [request id req-9]\n" in ran.err
        assert not {"\x1b", "\x9b"} & set(ran.err)

    def test_no_connection(self, qubrid: Command) -> None:
        ran = qubrid("generate", "fox", "--base-url", "http://127.0.0.1:1", "--retries", "0", "--json")
        assert (ran.status, ran.errors[0]["outcome"]) == (11, "not_sent")

    def test_a_traceback_only_with_debug(self, qubrid: Command) -> None:
        with service(refusal(400, f"bad key {KEY}")) as server:
            assert "Traceback" not in qubrid.generate(server, "fox").err
            assert "Traceback" in qubrid.generate(server, "fox", "--debug").err
            assert "Traceback" in qubrid.generate(server, "fox", "--debug", "--json").errors[0]["traceback"]

    def test_what_nobody_thought_of_is_one_sentence_too(self, qubrid: Command) -> None:
        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError("by zero")

        qubrid.monkeypatch.setattr("qubrid_facade.Qubrid.__init__", fail)
        ran = qubrid("generate", "fox")
        assert ran.status == 1
        assert ran.err.startswith("Error: something unexpected happened: ZeroDivisionError: by zero\n")
        assert "Traceback" in qubrid("generate", "fox", "--debug").err
        ran = qubrid("generate", "fox", "--json")
        assert (ran.pictures, ran.errors[0]["class"]) == ([], "ZeroDivisionError")


class TestBadInput:
    @pytest.mark.parametrize(
        ("arguments", "status", "words"),
        [
            (["x", "-p", "width"], 2, "'width' is not of the form NAME=VALUE"),
            (["x", "-p", "=5"], 2, "'=5' is not of the form NAME=VALUE"),
            (["x", "--sead", "5"], 2, "--seed"),
            (["x", "--seed", "abc"], 2, "'abc' is no whole number. '-p seed=…' sends any value"),
            (["x", "--guidance", "nan"], 2, "'nan' is no number"),
            (["x", "--n", "0"], 2, "0 is not in the range"),
            (["x", "--timeout", "0"], 2, "0.0 is not in the range"),
            (["a", "red", "fox"], 2, 'The prompt must be one argument, in quotes: "a red fox"'),
            ([], 2, "Missing argument 'PROMPT'"),
            (["x", "-o", ""], 2, "--output takes a file or a folder, and is empty"),
            (["x", "-o", "-"], 2, "--output takes a file or a folder"),
            (["x", "--sandbox", "--key-file", "k"], 2, "--sandbox goes with neither"),
            (["x", "--base-url", "platform.qubrid.com/v1"], 3, "does not begin with https://"),
            (["x", "--key-file", "none.txt"], 3, "--key-file 'none.txt' cannot be read: No such file"),
            (["x", "--image", "none.png"], 4, "--image 'none.png': there is no such file"),
            (["x", "--image", __file__], 4, "is not an image of a known format"),
        ],
    )
    def test_is_said_and_not_sent(
        self, qubrid: Command, arguments: list[str], status: int, words: str
    ) -> None:
        with service() as server:
            qubrid.monkeypatch.setenv("QUBRID_BASE_URL", server.base_url)
            ran = qubrid("generate", *arguments)
        assert (ran.status, ran.out, server.requests) == (status, "", [])
        assert words in ran.err
        assert len(ran.err.splitlines()) == 2

    def test_no_key(self, qubrid: Command) -> None:
        qubrid.monkeypatch.delenv("QUBRID_API_KEY")
        ran = qubrid("generate", "fox")
        assert ran.status == 3
        assert all(word in ran.err for word in ("QUBRID_API_KEY", "--key-file", "API-keys page", "--sandbox"))

    @pytest.mark.parametrize("key", [f" {KEY}", f"{KEY}\r\n", f"Bearer {KEY}"])
    def test_a_key_with_something_around_it(self, qubrid: Command, key: str) -> None:
        qubrid.monkeypatch.setenv("QUBRID_API_KEY", key)
        with service() as server:
            ran = qubrid.generate(server, "fox")
        assert (ran.status, server.requests) == (3, [])

    @pytest.mark.parametrize("content", [b"", b"\nsecond line\n", b"\xff\xfe\x00k"])
    def test_a_key_file_without_a_key(self, qubrid: Command, content: bytes) -> None:
        (qubrid.folder / "key.txt").write_bytes(content)
        ran = qubrid("generate", "fox", "--key-file", "key.txt")
        assert (ran.status, ran.out) == (3, "")

    @pytest.mark.parametrize("option", ["--api-key", "--key", "--key-file"])
    def test_a_key_on_the_command_line_is_refused_and_not_repeated(
        self, qubrid: Command, option: str
    ) -> None:
        for arguments in ([option, KEY], [f"{option}={KEY}"]):
            ran = qubrid("generate", "fox", *arguments)
            assert ran.status in (2, 3)
            assert "--key-file" in ran.err

    def test_an_empty_prompt_is_the_services_to_judge(self, qubrid: Command) -> None:
        with service() as server:
            assert qubrid.generate(server, "", "-q").out == "picture.png\n"
        assert asked(server)[0]["prompt"] == ""

    def test_an_unwritable_command_line_is_json_too(self, qubrid: Command) -> None:
        ran = qubrid("generate", "fox", "--json", "--seed", "abc")
        assert (ran.errors[0]["class"], ran.errors[0]["exit_status"]) == ("BadParameter", ran.status)


class TestProcess:
    """What takes a process of its own."""

    def test_python_m_makes_a_picture(self, qubrid: Command) -> None:
        with service() as server:
            qubrid.monkeypatch.setenv("QUBRID_BASE_URL", server.base_url)
            ran = qubrid.start("generate", "fox", "--json").wait()
        assert (ran.status, ran.err) == (0, "")
        assert [picture["path"] for picture in ran.pictures] == ["fox.png"]

    def test_ctrl_c_says_what_it_may_cost(self, qubrid: Command) -> None:
        arrived = threading.Event()

        def hang(request: Received) -> list[Wait]:
            arrived.set()
            return [Wait()]

        with WireServer(hang) as server:
            qubrid.monkeypatch.setenv("QUBRID_BASE_URL", server.base_url)
            with qubrid.start("generate", "fox", "-o", "new/", python=INTERRUPTIBLE) as process:
                assert arrived.wait(30)
                process.interrupt()
                ran = process.wait()
        assert (ran.status, ran.out, qubrid.files()) == (130, "", [])
        assert ran.err == (
            "Interrupted while a request was under way: its picture may still be made, and billed.\n"
        )

    def test_ctrl_c_while_fetching_names_the_picture(self, qubrid: Command) -> None:
        arrived = threading.Event()

        def answer(request: Received) -> bytes | list[Wait]:
            if request.method == "POST":
                return made()
            arrived.set()
            return [Wait()]

        with WireServer(answer) as server:
            qubrid.monkeypatch.setenv("QUBRID_BASE_URL", server.base_url)
            with qubrid.start("generate", "fox", "--json", python=INTERRUPTIBLE) as process:
                assert arrived.wait(30)
                process.interrupt()
                ran = process.wait()
        assert (ran.status, ran.pictures) == (130, [])
        assert ran.errors[0]["urls"] == ["/files/a.png?signature=abc&x=1"]

    def test_a_reader_that_leaves_gets_no_traceback(self, qubrid: Command) -> None:
        with qubrid.start("params") as process:
            assert process.popen.stdout is not None
            assert process.popen.stderr is not None
            process.popen.stdout.close()
            assert process.popen.stderr.read() == ""

    def test_a_terminal_without_utf_8_is_fine(self, qubrid: Command) -> None:
        with service() as server:
            qubrid.monkeypatch.setenv("QUBRID_BASE_URL", server.base_url)
            ran = qubrid.start("generate", "fuchs 狐", "-q", encoding="latin-1").wait()
        assert (ran.status, ran.out) == (0, "fuchs-\\u72d0.png\n")
        assert "+---" in qubrid.start("params", encoding="latin-1").wait().out

    @pytest.mark.parametrize("hidden", ["click", "rich"])
    def test_without_the_extra_it_says_what_to_install(self, qubrid: Command, hidden: str) -> None:
        hide = f"import sys; sys.modules['{hidden}'] = None; "
        code = hide + "from qubrid_facade.__main__ import main; sys.exit(main())"
        ran = qubrid.start("--help", python=("-c", code)).wait()
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.count("\n") == 1
        assert 'pip install "qubrid-facade[cli]"' in ran.err

    def test_help_loads_neither_rich_nor_the_sandbox_nor_anything_slow(self, qubrid: Command) -> None:
        code = (
            "import sys, qubrid_facade, click; before = set(sys.modules)\n"
            "from qubrid_facade.__main__ import main; main()\n"
            "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
            "print(*sorted(new - set(sys.stdlib_module_names)), file=sys.stderr)"
        )
        assert qubrid.start("--help", python=("-c", code)).wait().err == "click qubrid_facade\n"


def test_params_names_the_document_and_every_parameter(qubrid: Command) -> None:
    ran = qubrid("params")
    found = json.loads(qubrid("params", "--json").out)
    assert ran.out.startswith(f"Parameters of POST /images/generations, spec {SPEC_VERSION}\n")
    (line,) = (line for line in ran.out.splitlines() if "num_inference_steps" in line)
    assert line.split(None, 3) == [
        "num_inference_steps",
        "integer",
        "30",
        "Number of denoising steps used during generation.",
    ]
    assert found["spec_version"] == SPEC_VERSION
    assert [one["name"] for one in found["parameters"]] == [one.name for one in PARAMETERS]
    assert all(one["name"] in ran.out for one in found["parameters"])


def test_help_names_every_command_and_the_version_is_told(qubrid: Command) -> None:
    ran = qubrid()
    assert ran == qubrid("--help")
    assert ran.status == 0
    assert all(f"  {name} " in ran.out for name in ("generate", "params", "sandbox"))
    assert qubrid("--version").out.startswith("qubrid-facade ")
    assert qubrid("genrate").status == 2

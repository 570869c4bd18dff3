"""How the command line puts an error: the library's words, in terms of options instead of arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._text import sentence

if TYPE_CHECKING:
    from qubrid_facade import QubridError

# Those that terminals act on; line breaks and tabs may stay.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ARGUMENT: Final = re.compile(r"^(\w+)=(?=[:'\" ])(:?) ?")
_WORDS: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"pass http_client=httpx\.Client\(.*\)", "name its file in SSL_CERT_FILE"),
        (r"pass overwrite=True", "give --overwrite"),
        (
            r"Such a request is repeated only with RetryPolicy\(retry_unknown_outcome=True\)",
            "--retry-unknown allows repeating such requests",
        ),
        (r"\bmax_retry_after\b", "what is waited for"),
        (r"\bmax_retries=?", "--retries"),
        (r"\bapi_key=", "--key-file"),
        (r"\bbase_url=", "--base-url"),
        (r"\bmodel=", "--model"),
        (r"\btimeout=", "--timeout"),
        (r"\bdeadline=", "--deadline"),
        (r"\bextra_body=\S*( \.\.\.\}| \S+\})?", "-p NAME=VALUE"),
        (r"[:;] call read\(\) or save\(\) once more", ""),
        (r"Its text is in the error's body attribute", ""),
        (r"The image is not lost: save\(\) again to another place, or read\(\) its bytes", ""),
    )
)


def for_command_line(text: str) -> str:
    """Return ``text``, written for users of the library, as users of the command line understand it."""
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


def what_happened(error: QubridError) -> str:
    """Return a line that says what happened, with what the service's support would ask for."""
    facts = []
    if error.request_id:
        facts.append(f"request id {error.request_id}")
    if error.attempts > 1:
        facts.append(f"{error.attempts} attempts")
    # Only an argument's name is translated: the rest may be the service's own words.
    summary = in_a_line(error)
    if isinstance(error, ValueError):
        summary = _ARGUMENT.sub(lambda found: f"--{found[1].replace('_', '-')}{found[2]} ", summary)
    line = sentence(summary)
    return f"{line} [{', '.join(facts)}]" if facts else line


def in_a_line(error: QubridError) -> str:
    """Return what the error says, on one line."""
    return " ".join(error._summary().split())


def what_to_do(error: QubridError) -> str:
    """Return a line that says what to do next, and whether the request may have been billed."""
    parts = [sentence(for_command_line(text)) for text in (error.doubt, error.hint, error.gave_up)]
    return " ".join(part for part in parts if part)


def briefly(error: QubridError) -> str:
    """Return a few words for a progress line: the status, or the kind of failure."""
    status = getattr(error, "status_code", None)
    if status is not None:
        return str(status)
    return "timeout" if isinstance(error, TimeoutError) else "no answer"


def without_controls(text: str) -> str:
    """Return ``text``, which a service may have written in part, with nothing that steers a terminal."""
    return _CONTROLS.sub("", text)

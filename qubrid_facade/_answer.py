"""What an answer means: pure functions from status, headers and body to images or an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx

from ._embedded import KEY, Embedded, read_lean
from ._errors import APIStatusError, InvalidResponseError, NoImageError, rule_for, status_name
from ._formats import HEAD_BYTES, decode_base64, is_no_picture, sniff, split_data_uri
from ._retry import parse_retry_after
from ._secrets import Secret, shortened

_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_LONGEST_MESSAGE = 500
# A name or an id.
_LONGEST_WORD = 200
# The part of a page, or of an XML error, that says what is wrong; bounded, so that no page takes long.
_HEADING = re.compile(
    r"<(title|h1|message|code)\b[^<>]{0,200}>(.{0,1000}?)</\1\s{0,9}>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_PAGE = 16 * 1024
# An answer about images has a few dozen; millions of empty lists would take gigabytes of memory.
_MOST_ELEMENTS = 100_000
# Timestamps beyond this are milliseconds: as seconds they would lie after the year 5000.
_LATEST_SECONDS = 1e11
_KEEP_MESSAGE = "The answer is kept in the error's body attribute"


class Reply(NamedTuple):
    """An answer, the key that no error may show, and what was wrong with the body's compression."""

    status: int
    headers: httpx.Headers
    body: bytes
    secret: Secret
    fault: str = ""


class Envelope(NamedTuple):
    """What the body of an error says."""

    message: str
    type: str | None = None
    code: str | None = None
    param: str | None = None
    request_id: str | None = None


@dataclass(slots=True, eq=False)
class FoundImage:
    """An image as it stands in an answer: its bytes, or where they are, or why they cannot be had."""

    url: str | None = None
    b64_json: str | Embedded | None = None
    content: bytes | None = None
    media_type: str | None = None
    fault: str | None = None


@dataclass(slots=True, eq=False)
class FoundImages:
    """The images in an answer, and what else it says."""

    images: list[FoundImage]
    created: datetime | None = None
    request_id: str | None = None
    payload: Mapping[str, Any] | None = None


def request_id_of(headers: httpx.Headers, payload: Any = None) -> str | None:
    """Return the service's id of the request, from the body if it is there, else from a header."""
    if isinstance(payload, Mapping):
        found = payload.get("request_id")
        if isinstance(found, str) and found:
            return _tidy(found, _LONGEST_WORD)
    given = next(filter(None, map(headers.get, _REQUEST_ID_HEADERS)), None)
    return None if given is None else _tidy(given, _LONGEST_WORD)


def parse_json(body: bytes, **options: Any) -> Any:
    """Return the JSON value in ``body``, read by ``json.loads`` with these options.

    Raises:
        ValueError: There is none, or one that is too large or nested too deeply to be an answer.
    """
    if len(body) > 2 * _MOST_ELEMENTS and sum(map(body.count, (b",", b"[", b"{"))) > _MOST_ELEMENTS:
        raise ValueError("it has too many parts")
    try:
        return json.loads(body, **options)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


# --- errors ---------------------------------------------------------------------------------------------


def status_error(reply: Reply) -> APIStatusError:
    """Return the error that an answer with a status outside 200 to 299 is."""
    status, headers, secret = reply.status, reply.headers, reply.secret
    # Before anything is cut, lest half of a key be left.
    body = secret.redact_bytes(reply.body)
    envelope = read_envelope(body)
    rule = rule_for(status, envelope.code)
    message = secret.redact(envelope.message) or status_name(status) or "An answer without a message"
    error = rule.error(
        message,
        status_code=status,
        code=secret.redact_any(envelope.code),
        type=secret.redact_any(envelope.type),
        param=secret.redact_any(envelope.param),
        body=body,
        headers=_redacted(headers, secret),
        retry_after=parse_retry_after(headers),
        hint=rule.hint,
        outcome=rule.outcome,
        request_id=secret.redact_any(envelope.request_id or request_id_of(headers)),
    )
    error.transient = rule.retried
    return error


def _redacted(headers: httpx.Headers, secret: Secret) -> httpx.Headers:
    # Bytes, since a header may hold what no text codec has.
    return httpx.Headers([(name, secret.redact_bytes(value)) for name, value in headers.raw])


def read_envelope(body: bytes) -> Envelope:
    """Return what an error's body says, in whatever form it says it.

    Known are the document's ``{"error": {...}}``, its earlier ``{"error": "...", "message": "..."}``,
    ``{"detail": ...}``, ``{"message": ...}``, plain text, and pages of gateways.
    """
    try:
        payload = parse_json(body)
    except ValueError:
        return Envelope(_text_message(body))
    if isinstance(payload, str):
        return Envelope(_tidy(payload))
    if not isinstance(payload, Mapping):
        return Envelope(_text_message(body))
    inner = payload.get("error")
    if isinstance(inner, Mapping):
        return _from_mapping(inner, payload)
    parts = [text for text in (inner, payload.get("message")) if isinstance(text, str) and text.strip()]
    if parts:
        return _from_mapping({**payload, "message": ": ".join(dict.fromkeys(parts))}, payload)
    return _from_mapping(payload, payload)


def _from_mapping(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> Envelope:
    message, param = _message_and_param(inner)
    return Envelope(
        message=message,
        type=_string(inner.get("type")),
        code=_string(inner.get("code")),
        param=_string(inner.get("param")) or param,
        request_id=_string(inner.get("request_id")) or _string(outer.get("request_id")),
    )


def _message_and_param(inner: Mapping[str, Any]) -> tuple[str, str | None]:
    for name in ("message", "detail", "error_description", "msg", "title"):
        value = inner.get(name)
        if isinstance(value, str) and value.strip():
            return _tidy(value), None
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            # The form of FastAPI's validation errors.
            first = value[0]
            where = first.get("loc")
            param = _string(where[-1]) if isinstance(where, list) and where else None
            return _tidy(str(first.get("msg") or first)), param
        if isinstance(value, Mapping) and value:
            return _message_and_param(value)
    return "", None


def _string(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _tidy(str(value), _LONGEST_WORD) or None


def _text_message(body: bytes) -> str:
    from html import unescape  # not sooner: it is slow to import, and pages are rare

    text = body[:_LONGEST_PAGE].decode("utf-8", "replace")
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        found = _HEADING.findall(text)
        # A page's title says it all; an XML error has a code and a message.
        page = found and found[0][0].lower() in {"title", "h1"}
        said = ": ".join(words for _, words in found[: 1 if page else 2]) or text
        return _tidy(unescape(_TAG.sub(" ", said)))
    printable = sum(character.isprintable() or character.isspace() for character in text[:256])
    # A picture or a compressed body is no message.
    return _tidy(text) if text and printable >= 0.9 * len(text[:256]) and "\ufffd" not in text[:256] else ""


def _tidy(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """Return ``text`` on one line, without control characters or signed addresses, at a length to read."""
    text = "".join(character if character.isprintable() else " " for character in text[: 4 * longest])
    text = shortened(" ".join(text.split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


# --- successes ------------------------------------------------------------------------------------------


def find_images(reply: Reply) -> FoundImages:
    """Return the images in the answer to a request for some.

    An image may be a URL, base64, base64 behind a ``data:`` prefix, or the body itself.

    Raises:
        NoImageError: There is none in it.
        InvalidResponseError: It cannot be read.
    """
    headers, body = reply.headers, reply.body
    media_type = headers.get("content-type")
    head = body[:HEAD_BYTES]
    told = (media_type or "").strip().lower().startswith("image/")
    # No picture begins as nearly all answers do, with a brace; those need no closer look.
    if body[:1] != b"{" and (
        sniff(head) or (told and body and not reply.fault and not is_no_picture(head, media_type))
    ):
        return FoundImages(
            [FoundImage(content=body, media_type=media_type)],
            request_id=reply.secret.redact_any(request_id_of(headers)),
        )
    try:
        payload = read_lean(body, parse_json)
    except ValueError as exc:
        payload = _bare_text(body)
        if payload is None:
            what = "empty" if not body.strip() else f"no JSON ({_reason(exc)}) and no image"
            if reply.fault:
                what += f"; {reply.fault}"
            elif body.lstrip()[:1] not in {b"{", b"["} and (said := _said(body, reply.secret)):
                what += f"; it says: {said}"
            raise unreadable(reply, f"The service reported success, but its answer is {what}") from None
    images = list(_images_in(payload))
    if not images:
        raise _no_image(payload, reply)
    for image in images:
        if image.fault and image.content:
            said = _said(image.content, reply.secret)
            image.content = None
            image.fault += f": {said}" if said else ""
    if all(image.fault for image in images):
        raise unreadable(reply, f"The service sent an image that cannot be read: {images[0].fault}", payload)
    found = FoundImages(images, request_id=reply.secret.redact_any(request_id_of(headers, payload)))
    if isinstance(payload, Mapping):
        found.payload = payload
        found.created = parse_created(payload.get("created"))
    return found


def _reason(exc: ValueError) -> str:
    return getattr(exc, "msg", None) or ("it is not UTF-8" if isinstance(exc, UnicodeError) else str(exc))


def _said(body: bytes, secret: Secret) -> str:
    """Return the message that ``body`` is, if it is one."""
    # Masked before anything is cut, lest half of a key be left.
    return read_envelope(secret.redact_bytes(body[:_LONGEST_PAGE])).message


def _bare_text(body: bytes) -> str | None:
    """Return the text of a body that is a data URI or base64 without any JSON around it."""
    try:
        text = body.decode("ascii").strip()
    except UnicodeDecodeError:
        return None
    found = _from_text(text)
    return text if found is not None and found.fault is None and found.url is None else None


def _images_in(payload: Any) -> Iterator[FoundImage]:
    if isinstance(payload, Mapping):
        for name in ("data", "images"):
            items = payload.get(name)
            if isinstance(items, Mapping | str):
                items = [items]
            if isinstance(items, list):
                found = [image for item in items if (image := _from_item(item)) is not None]
                if found:
                    yield from found
                    return
        items = [payload]
    else:
        items = payload if isinstance(payload, list) else [payload]
    for item in items:
        image = _from_item(item)
        if image is not None:
            yield image


def _from_item(item: Any) -> FoundImage | None:
    if isinstance(item, str):
        return _from_text(item)
    if not isinstance(item, Mapping):
        return None
    url = item.get("url")
    text = item.get(KEY)
    image = item.get("image") if not url and not text else None
    linked = _from_text(url) if isinstance(url, str) and url.strip() else None
    if isinstance(text, Embedded) or (isinstance(text, str) and text.strip()):
        found = _from_base64(text)
        if linked is not None and found.fault is not None:
            return linked
        if linked is not None:
            found.url = linked.url
        return found
    return linked or (_from_text(image) if isinstance(image, str) and image.strip() else None)


def _from_text(text: str) -> FoundImage | None:
    """Return the image that ``text`` is or points to; an address of any kind counts, and is judged later."""
    text = text.strip()
    if text[:5].lower() == "data:":
        return _from_base64(text)
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text) or (text.startswith("/") and len(text) < 2048):
        return FoundImage(url=text)
    if len(text) >= 32:
        found = _from_base64(text)
        if found.fault is None and found.content and sniff(found.content[:HEAD_BYTES]):
            return found
    return FoundImage(url=text) if re.match(r"[\w-]+(\.[\w-]+)+/", text) else None


def _from_base64(text: str | Embedded) -> FoundImage:
    if isinstance(text, Embedded):
        content, media_type = text.content, text.media_type
    else:
        parts = split_data_uri(text)
        media_type, encoded = parts if parts else (None, text)
        try:
            content = decode_base64(encoded)
        except ValueError:
            return FoundImage(b64_json=text, fault="its base64 text is broken")
    if is_no_picture(content, media_type):
        # What it says is added where the key is known that it may repeat.
        return FoundImage(
            b64_json=text, content=content, fault="its base64 text stands for a page or a message"
        )
    return FoundImage(b64_json=text, content=content, media_type=media_type)


def parse_created(value: Any) -> datetime | None:
    """Return the moment that an answer's ``created`` means, or None if it means none.

    Seconds since 1970 are what the document says; milliseconds, numbers in strings and dates are understood.
    """
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return _parse_date(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    try:
        seconds = value / 1000 if abs(value) > _LATEST_SECONDS else value
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _parse_date(text: str) -> datetime | None:
    from dateutil import parser

    try:
        moment = parser.isoparse(text.strip())
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_image(payload: Any, reply: Reply) -> InvalidResponseError:
    message = "The service reported success, but there is no image in its answer"
    # Masked before anything is cut, lest half of a key be left.
    body = reply.secret.redact_bytes(reply.body)
    envelope = read_envelope(body) if isinstance(payload, Mapping) else None
    if envelope is not None and envelope.message:
        message += f"; it says: {envelope.message}"
    return unreadable(reply, message, payload, NoImageError)


def unreadable(
    reply: Reply,
    message: str,
    payload: Any = None,
    kind: type[InvalidResponseError] = InvalidResponseError,
) -> InvalidResponseError:
    """Return the error for a success that cannot be read; it keeps the body, which was paid for."""
    secret = reply.secret
    inner = payload.get("error") if isinstance(payload, Mapping) else None
    error = kind(
        secret.redact(message),
        status_code=reply.status,
        body=secret.redact_bytes(reply.body),
        headers=_redacted(reply.headers, secret),
        hint=_KEEP_MESSAGE if reply.body.strip() else "",
        outcome="unknown",
        request_id=secret.redact_any(
            request_id_of(httpx.Headers(), inner) or request_id_of(reply.headers, payload)
        ),
    )
    error.transient = True
    return error

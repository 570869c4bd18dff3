"""Turning logs on without turning secrets loose."""

from __future__ import annotations

import logging
import re

from ._secrets import MASK, redact_all, shortened

_OURS = "qubrid_facade"
# A filter sees only what is logged by the very logger that it is on, hence every one of them by name.
_LOGGERS = (
    _OURS,
    "httpx",
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_PARENTS = (_OURS, "httpx", "httpcore")
# Headers as httpcore and httpx print them: (b'Set-Cookie', b'...'), 'authorization': '...'.
_SECRET_HEADER = re.compile(
    r"(b?['\"](?:proxy-)?(?:authorization|set-cookie|cookie)['\"]\s*[,:]\s*b?)(['\"]).*?\2", re.IGNORECASE
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[^\s'\",]+", re.IGNORECASE)
# The query of an address without its host, as in a Location header.
_QUERY = re.compile(r"\?[^\s'\"<>?]*=[^\s'\"<>]*")


class _Redacting(logging.Filter):
    """Rewrites each record before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            record.msg, record.args = redacted(record.getMessage()), ()
        except Exception as exc:  # noqa: BLE001 - a call that is paid for must not end because of its log
            # Nor may it be shown as it is.
            record.msg, record.args = f"(left out: it could not be masked, {type(exc).__name__})", ()
        return True


_FILTER = _Redacting()


def redacted(text: str) -> str:
    """Return ``text`` without keys, credentials, cookies, queries of addresses, and long base64."""
    text = _SECRET_HEADER.sub(rf"\g<1>\g<2>{MASK}\g<2>", redact_all(text))
    text = _BEARER.sub(rf"\g<1> {MASK}", text)
    return _QUERY.sub("?…", shortened(text))


def enable_logging(level: int | str = logging.DEBUG) -> None:
    """Log what this library does, and what httpx and httpcore do under it, without any secret.

    Keys, ``Authorization`` headers, cookies and the queries of addresses (which may be signatures) are
    masked, and long base64 is cut, in these loggers' records for every handler. If the program has set up no
    handler yet, the records go to standard error; otherwise to where its others go.

    At INFO there is a line for each retry and each request; at DEBUG, for each step of each connection.

    Args:
        level: A level of the logging module, as a number or by its name.
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)
    for name in _PARENTS:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        if not logger.hasHandlers():
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
            logger.addHandler(handler)

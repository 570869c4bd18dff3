"""What each exit status means: the one table, for the program, its help and its documentation.

Errors are named, not imported: ``--help`` shows the table without loading what the errors need.
"""

from __future__ import annotations

from typing import Final, NamedTuple

OK: Final = 0
UNEXPECTED: Final = 1
USAGE: Final = 2  # click's own
MAY_BE_BILLED: Final = 12
INTERRUPTED: Final = 130


class Exit(NamedTuple):
    """A row of the table: a status, what it means, and the classes of the errors that lead to it."""

    status: int
    meaning: str
    errors: tuple[str, ...] = ()


TABLE: Final = (
    Exit(OK, "all went well"),
    Exit(UNEXPECTED, "an error that has no status of its own", ("QubridError",)),
    Exit(USAGE, "the command line makes no sense: an unknown option, a value of the wrong type"),
    Exit(3, "no key, or a setting or an installation that cannot be used", ("ConfigurationError",)),
    Exit(4, "an input that cannot be sent, such as a missing --image file", ("InputError",)),
    Exit(
        5,
        "the key is refused, or may not do this (401, 403)",
        ("AuthenticationError", "PermissionDeniedError"),
    ),
    Exit(6, "the account has too few credits (402)", ("InsufficientCreditsError",)),
    Exit(
        7,
        "the request is refused as it is, or by the content policy (400, 422, other 3xx and 4xx)",
        ("BadRequestError", "ContentPolicyError", "APIStatusError"),
    ),
    Exit(8, "no such model or address (404)", ("NotFoundError", "ModelNotFoundError")),
    Exit(9, "too many requests (429)", ("RateLimitError",)),
    Exit(10, "the service failed (500, 502, 503)", ("ServerError", "BackendUnavailableError")),
    Exit(11, "no connection; nothing was sent", ("APIConnectionError",)),
    Exit(
        MAY_BE_BILLED,
        "no whole answer in time (also 504, 520 to 527), or an earlier attempt so: it may have been billed",
        ("APITimeoutError", "GatewayTimeoutError"),
    ),
    Exit(
        13,
        "the service reported success, but its answer is unreadable",
        ("InvalidResponseError", "NoImageError"),
    ),
    Exit(14, "the picture was made, but could not be fetched; its address is printed", ("DownloadError",)),
    Exit(
        15,
        "a file cannot be written; a picture that was made is kept elsewhere",
        ("SaveError", "ImageExistsError"),
    ),
    Exit(INTERRUPTED, "interrupted with Ctrl-C"),
)

_BY_NAME: Final = {name: row.status for row in TABLE for name in row.errors}
_NO_CONNECTION: Final = _BY_NAME["APIConnectionError"]
_UNREADABLE: Final = _BY_NAME["InvalidResponseError"]
_SERVER: Final = _BY_NAME["ServerError"]


def status_for(error: BaseException) -> int:
    """Return the exit status for ``error``: that of its own class, or else of its nearest base.

    Where nobody can tell whether the request was carried out, that is what a script must know, whichever
    error says so; where a timeout struck before anything was sent, there was no connection.
    """
    names = (base.__name__ for base in type(error).__mro__)
    status = next((_BY_NAME[name] for name in names if name in _BY_NAME), UNEXPECTED)
    outcome = getattr(error, "outcome", None)
    if outcome == "unknown" and status != _UNREADABLE:
        return MAY_BE_BILLED
    if outcome == "not_sent" and status in (_NO_CONNECTION, _SERVER, MAY_BE_BILLED):
        return _NO_CONNECTION
    return status

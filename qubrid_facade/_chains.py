"""The chain of exceptions that led to one, as far as it is this library's doing."""

from __future__ import annotations

from collections.abc import Iterator

from ._secrets import Secret


def links(exc: BaseException, handled: BaseException | None) -> Iterator[BaseException]:
    """Give ``exc`` and what led to it.

    Args:
        exc: Where to begin.
        handled: What the caller was handling when the call began (``sys.exception()`` then). Python chains it
            to whatever fails meanwhile, but it is the caller's and stays as it is.
    """
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and link is not handled and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def redact_chain(exc: BaseException, secret: Secret, handled: BaseException | None) -> None:
    """Mask the key in the texts of ``exc`` and of what led to it: a server may send back what it was sent."""
    for link in links(exc, handled):
        link.args = tuple(secret.redact_any(argument) for argument in link.args)


def forget_frames(exc: BaseException, handled: BaseException | None) -> None:
    """Take the tracebacks off ``exc`` and what led to it: the frames' locals hold what nobody should see."""
    for link in links(exc, handled):
        link.__traceback__ = None

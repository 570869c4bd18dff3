"""The two drivers: what performs a call's effects, with plain calls and with ``await``.

These are the only places where the sync and the async client differ.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import httpx

from ._chains import forget_frames
from ._direct import send, send_async
from ._errors import QubridError
from ._network import TooLateError, is_callers_own
from ._transport import AsyncPool, SyncPool, anything_after, check_open, proxy_of, timeouts
from ._wire import Answer, Effect, Exchange, Pause, Road, attempt_ends

T = TypeVar("T")

# How much later than the socket's own timeouts the async guard strikes: they tell better what happened.
_GRACE_SECONDS = 0.1


def drive(road: Road[T], pool: SyncPool) -> T:
    """Go ``road`` to its end and return its result.

    What an effect raises comes out of the road where it yielded the effect.
    """
    handled = sys.exception()
    try:
        effect = next(road)
        while True:
            try:
                result = _perform(effect, pool)
            except BaseException as exc:  # noqa: BLE001 - raised where the road is
                effect = _raise_in(road, exc)
            else:
                effect = road.send(result)
    except StopIteration as end:
        # The road's end only: a StopIteration that is thrown into a generator comes out as a RuntimeError.
        value: T = end.value
        return value
    except BaseException as exc:
        _shorten_traceback(exc, handled)
        raise
    finally:
        road.close()


async def drive_async(road: Road[T], pool: AsyncPool) -> T:
    """Go ``road`` to its end and return its result; see :func:`drive`."""
    handled = sys.exception()
    try:
        effect = next(road)
        while True:
            try:
                result = await _perform_async(effect, pool)
            except BaseException as exc:  # noqa: BLE001 - raised where the road is
                effect = _raise_in(road, exc)
            else:
                effect = road.send(result)
    except StopIteration as end:
        value: T = end.value
        return value
    except BaseException as exc:
        _shorten_traceback(exc, handled)
        raise
    finally:
        road.close()


def _raise_in(road: Road[T], exc: BaseException) -> Effect:
    """Raise ``exc`` where ``road`` is, and return what it asks for next if it catches it.

    What comes out again is as it was: the road's frames would help nobody, and their locals hold addresses.
    """
    trace = exc.__traceback__
    try:
        return road.throw(exc)
    except BaseException as out:
        if out is exc:
            raise out.with_traceback(trace)  # noqa: B904 - it is the same one
        raise


def drive_beyond(road: Road[T], pool: SyncPool | None) -> T:
    """Go ``road`` although its client may be closed by now, or be left behind in another process."""
    if pool is not None and not pool.gone:
        return drive(road, pool)
    own = SyncPool(None)
    try:
        return drive(road, own)
    finally:
        own.close()


async def drive_async_beyond(road: Road[T], pool: AsyncPool | None) -> T:
    """Go ``road`` although its client may be closed by now, or be left behind in another process."""
    if pool is not None and not pool.gone:
        return await drive_async(road, pool)
    own = AsyncPool(None)
    try:
        return await drive_async(road, own)
    finally:
        await own.aclose()


def _perform(effect: Effect, pool: SyncPool) -> object:
    if isinstance(effect, Exchange):
        return _exchange(effect, pool)
    if isinstance(effect, Pause):
        time.sleep(effect.seconds)
        return None
    return effect.function()


async def _perform_async(effect: Effect, pool: AsyncPool) -> object:
    import asyncio  # not sooner: the sync client does without, and it is slow to import

    if isinstance(effect, Exchange):
        return await _exchange_async(effect, pool)
    if isinstance(effect, Pause):
        await asyncio.sleep(effect.seconds)
        return None
    return await _to_its_end(asyncio.to_thread(effect.function))


def _exchange(effect: Exchange, pool: SyncPool) -> Answer:
    if _prepare(effect) <= 0:
        return _too_late()
    handled = sys.exception()
    arrived: list[httpx.Response] = []
    client = None
    token = attempt_ends.set(effect.ends)
    try:
        with pool.lease() as client:
            _converse(client, effect, arrived, own=pool.given is None)
        return Answer(arrived[0], None)
    except BaseException as exc:  # noqa: BLE001 - raised again, unless it is the network's
        return _ended(exc, effect, arrived, pool, client, handled)
    finally:
        attempt_ends.reset(token)


async def _exchange_async(effect: Exchange, pool: AsyncPool) -> Answer:
    import asyncio

    seconds = _prepare(effect)
    if seconds <= 0:
        return _too_late()
    handled = sys.exception()
    arrived: list[httpx.Response] = []
    client = None
    try:
        async with pool.lease() as client:
            conversation = _converse_async(client, effect, arrived, own=pool.given is None)
            if pool.on_httpcore():
                await _within(seconds + _GRACE_SECONDS, conversation)
            else:
                async with asyncio.timeout(seconds + _GRACE_SECONDS):
                    await conversation
        return Answer(arrived[0], None)
    except BaseException as exc:  # noqa: BLE001 - raised again, unless it is the network's
        return _ended(exc, effect, arrived, pool, client, handled)


def _converse(client: httpx.Client, effect: Exchange, arrived: list[httpx.Response], *, own: bool) -> None:
    response = send(client, effect.request, own=own, with_auth=effect.with_auth)
    arrived.append(response)
    try:
        effect.sink.begin(response)
        if response.is_stream_consumed:
            effect.sink.feed(response.content)
            return
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - for the type checker
        # Not iter_raw(), which would free the connection before it has been looked at.
        for chunk in response.stream:
            if not effect.sink.feed(chunk):
                return
            _check_time(effect)
        if anything_after(response):
            response.extensions["network_stream"].close()
    finally:
        response.close()


async def _converse_async(
    client: httpx.AsyncClient, effect: Exchange, arrived: list[httpx.Response], *, own: bool
) -> None:
    response = await send_async(client, effect.request, own=own, with_auth=effect.with_auth)
    arrived.append(response)
    try:
        effect.sink.begin(response)
        if response.is_stream_consumed:
            effect.sink.feed(response.content)
            return
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - for the type checker
        async for chunk in response.stream:
            if not effect.sink.feed(chunk):
                return
            _check_time(effect)
        if anything_after(response):
            await response.extensions["network_stream"].aclose()
    finally:
        await response.aclose()


def _check_time(effect: Exchange) -> None:
    if time.monotonic() > effect.ends:
        raise httpx.ReadTimeout("the time allowed is over")


def _prepare(effect: Exchange) -> float:
    seconds = effect.ends - time.monotonic()
    effect.request.extensions = {**effect.request.extensions, "timeout": timeouts(seconds)}
    return seconds


def _too_late() -> Answer:
    return Answer(None, TooLateError("the time allowed was over before anything was sent"))


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Await ``work`` for so long, and stop it cleanly when time is up or the caller is cancelled.

    httpcore keeps its books in order when anyio's scopes cancel it, but not when a task is cancelled as
    asyncio does it: then a connection may stay checked out for ever. So ``work`` gets a task of its own,
    which only ever a scope cancels.
    """
    import anyio  # not sooner: httpx imports it only for its async client

    scope = anyio.CancelScope()

    async def scoped() -> None:
        with scope:
            await work

    scope.deadline = anyio.current_time() + seconds
    await _to_its_end(scoped(), scope.cancel)
    if scope.cancelled_caught:
        raise TimeoutError


async def _to_its_end(work: Coroutine[Any, Any, T], stop: Callable[[], None] = lambda: None) -> T:
    """Await ``work``; if the caller is cancelled, ``stop`` it and wait until it has ended all the same.

    What works on a file or a connection must not be left behind doing so.
    """
    import asyncio

    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as exc:
            cancelled = exc
            stop()
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # or asyncio would report that nobody asked for it
        raise cancelled
    return task.result()


def _ended(
    exc: BaseException,
    effect: Exchange,
    arrived: list[httpx.Response],
    pool: SyncPool | AsyncPool,
    client: httpx.Client | httpx.AsyncClient | None,
    handled: BaseException | None,
) -> Answer:
    """Return what a failure of the network means as an answer; raise what is none.

    The frames below are the transport's; their locals hold the request's headers and so the key, which a
    traceback with locals would print. So no frame of theirs is kept, also not under an interrupt.
    """
    if isinstance(exc, QubridError):
        raise exc
    if type(exc) is TimeoutError:  # ours, or asyncio.timeout's
        exc = httpx.ReadTimeout("the time allowed is over", request=effect.request)
    if not isinstance(exc, Exception):
        forget_frames(exc, handled)
        raise exc
    if isinstance(exc, RuntimeError) and pool.gone:
        check_open(pool)
    if pool.given is not None and is_callers_own(exc, effect.request, arrived=bool(arrived)):
        raise exc
    if isinstance(exc, httpx.HTTPStatusError):
        # A hook of the caller's own client raised it: an answer all the same.
        effect.sink.begin(exc.response)
        if exc.response.is_stream_consumed:
            effect.sink.feed(exc.response.content)
        return Answer(exc.response, None)
    forget_frames(exc, handled)
    proxy = "" if client is None else proxy_of(client, effect.request.url)
    return Answer(arrived[0] if arrived else None, exc, proxy)


def _shorten_traceback(exc: BaseException, handled: BaseException | None) -> None:
    """End the traceback of an error of ours, or of an interrupt, at the call that the user made.

    What lies below helps nobody to mend a call, and its locals hold what nobody should see.
    """
    if isinstance(exc, QubridError) or not isinstance(exc, Exception):
        forget_frames(exc, handled)

"""The two drivers: what performs a call's effects, with plain calls and with ``await``.

These are the only places where the sync and the async client differ.
"""

from __future__ import annotations

import asyncio
import time
from typing import TypeVar

import httpx

from ._errors import QubridError
from ._transport import AsyncPool, SyncPool, timeouts
from ._wire import Answer, Effect, Exchange, Pause, Road, attempt_ends

T = TypeVar("T")

# How much later than the socket's own timeouts the async guard strikes: they tell better what happened.
_GRACE_SECONDS = 0.1


def drive(road: Road[T], pool: SyncPool) -> T:
    """Go ``road`` to its end and return its result."""
    try:
        effect = next(road)
        while True:
            effect = road.send(_perform(effect, pool))
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        road.close()


async def drive_async(road: Road[T], pool: AsyncPool) -> T:
    """Go ``road`` to its end and return its result."""
    try:
        effect = next(road)
        while True:
            effect = road.send(await _perform_async(effect, pool))
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        road.close()


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
    if isinstance(effect, Exchange):
        return await _exchange_async(effect, pool)
    if isinstance(effect, Pause):
        await asyncio.sleep(effect.seconds)
        return None
    return await asyncio.to_thread(effect.function)


def _exchange(effect: Exchange, pool: SyncPool) -> Answer:
    client = pool.client()
    seconds = _prepare(effect)
    if seconds <= 0:
        return _too_late()
    response: httpx.Response | None = None
    token = attempt_ends.set(effect.ends)
    try:
        response = client.send(effect.request, stream=True, follow_redirects=effect.follow_redirects)
        effect.sink.begin(response)
        if response.is_stream_consumed:
            effect.sink.feed(response.content)
        else:
            for chunk in response.iter_raw():
                if not effect.sink.feed(chunk):
                    break
                if time.monotonic() > effect.ends:
                    raise httpx.ReadTimeout("the time allowed is over")
        return Answer(response, None)
    except BaseException as exc:  # noqa: BLE001 - raised again, unless it is the network's
        return _ended(exc, response)
    finally:
        if response is not None:
            response.close()
        attempt_ends.reset(token)


async def _exchange_async(effect: Exchange, pool: AsyncPool) -> Answer:
    client = pool.client()
    seconds = _prepare(effect)
    if seconds <= 0:
        return _too_late()
    response: httpx.Response | None = None
    try:
        async with asyncio.timeout(seconds + _GRACE_SECONDS):
            response = await client.send(
                effect.request, stream=True, follow_redirects=effect.follow_redirects
            )
            effect.sink.begin(response)
            if response.is_stream_consumed:
                effect.sink.feed(response.content)
            else:
                async for chunk in response.aiter_raw():
                    if not effect.sink.feed(chunk):
                        break
                    if time.monotonic() > effect.ends:
                        raise httpx.ReadTimeout("the time allowed is over")
        return Answer(response, None)
    except BaseException as exc:  # noqa: BLE001 - raised again, unless it is the network's
        return _ended(exc, response)
    finally:
        if response is not None:
            await response.aclose()


def _prepare(effect: Exchange) -> float:
    seconds = effect.ends - time.monotonic()
    effect.request.extensions = {**effect.request.extensions, "timeout": timeouts(seconds)}
    return seconds


def _too_late() -> Answer:
    return Answer(None, httpx.PoolTimeout("the time allowed was over before anything was sent"))


def _ended(exc: BaseException, response: httpx.Response | None) -> Answer:
    """Return what a failure of the network means as an answer; raise what is none.

    The frames below are the transport's; their locals hold the request's headers and so the key, which a
    traceback with locals would print. So no frame of theirs is kept, also not under an interrupt.
    """
    if type(exc) is TimeoutError:  # asyncio.timeout's
        return Answer(response, httpx.ReadTimeout("the time allowed is over"))
    if isinstance(exc, QubridError):
        raise exc
    if isinstance(exc, httpx.HTTPError | httpx.StreamError | httpx.InvalidURL | OSError | EOFError):
        _forget_frames(exc)
        return Answer(response, exc)
    if not isinstance(exc, Exception):
        _forget_frames(exc)
    raise exc


def _forget_frames(exc: BaseException) -> None:
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        link.__traceback__ = None
        link = link.__cause__ or link.__context__

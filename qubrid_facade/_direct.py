"""Sending a request by an httpx client, and by the shortest way if the client is our own.

``httpx.Client.send`` takes care of redirects, authentication, cookies and event hooks, which our own clients
have none of; going to the transport directly saves a quarter of a call. Where somebody watches ``send`` (a
tracer that has its place, or a log that shows its lines), it is used.
"""

from __future__ import annotations

import logging
from typing import Any

import httpx

from ._doubles import is_original

_LOGGER = logging.getLogger("httpx")


def send(client: httpx.Client, request: httpx.Request, *, own: bool, with_auth: bool) -> httpx.Response:
    """Return the answer to ``request``, its body yet to be read; redirects are not followed.

    Args:
        client: By which to send.
        request: What to send.
        own: Whether the client is one of ours, made with defaults.
        with_auth: Whether the client's ``auth`` is for this host, too.
    """
    if not (own and _nobody_cares(httpx.Client.send, request)):
        return client.send(request, stream=True, follow_redirects=False, **_auth(with_auth))
    response = client._transport_for_url(request.url).handle_request(request)
    response.request = request
    return response


async def send_async(
    client: httpx.AsyncClient, request: httpx.Request, *, own: bool, with_auth: bool
) -> httpx.Response:
    """Do the same with an async client."""
    if not (own and _nobody_cares(httpx.AsyncClient.send, request)):
        return await client.send(request, stream=True, follow_redirects=False, **_auth(with_auth))
    response = await client._transport_for_url(request.url).handle_async_request(request)
    response.request = request
    return response


def _auth(with_auth: bool) -> dict[str, Any]:
    return {} if with_auth else {"auth": None}


def _nobody_cares(function: object, request: httpx.Request) -> bool:
    # A user and a password in an address are turned into a header by ``send``.
    return (
        not request.url.userinfo and is_original(function, "httpx") and not _LOGGER.isEnabledFor(logging.INFO)
    )

"""Whether web addresses lead anywhere, by asking them."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

SECONDS = 10.0
"""How long a website may take to answer."""

AT_ONCE = 8

NO_NETWORK = "no answer"
"""What is told of an address that nobody answered for, here or anywhere."""

_SAYS_WHO = {"User-Agent": "clausebook (checks links in school policies)"}

_WANTS_ALL = (403, 404, 405, 500, 501)
"""Answers that some websites give to whoever asks for less than the whole page."""

_WANTS_SOMEBODY = (401, 402, 403, 429)
"""Answers that say the page is there, but not for a program."""


def ask_all(addresses: Iterable[str]) -> Mapping[str, str]:
    """What went wrong at each address, or "" if it works."""
    wanted = list(dict.fromkeys(addresses))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(ask, wanted), strict=True))


def ask(address: str) -> str:
    """What went wrong at an address, or "" if it works; `NO_NETWORK` if nothing answered."""
    answer = _ask(address, "HEAD")
    if isinstance(answer, int) and answer in _WANTS_ALL:
        answer = _ask(address, "GET")
    if isinstance(answer, str):
        return answer
    if answer in _WANTS_SOMEBODY or answer < http.client.BAD_REQUEST:
        return ""
    words = http.client.responses.get(answer, "").lower()
    return f"the website answers {answer}" + (f" ({words})" if words else "")


def _ask(address: str, method: str) -> int | str:
    """The answer's number, or what went wrong before there was one."""
    opener = build_opener(HTTPRedirectHandler, HTTPSHandler(context=ssl.create_default_context()))
    request = Request(address, method=method, headers=_SAYS_WHO)  # noqa: S310 - only http and https get here
    try:
        with opener.open(request, timeout=SECONDS) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code
    except URLError as error:
        return _why(error.reason)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _why(error)


def _why(error: object) -> str:
    if isinstance(error, ssl.SSLError):
        return "its certificate cannot be trusted"
    if isinstance(error, socket.gaierror | ConnectionError):
        return NO_NETWORK
    if isinstance(error, TimeoutError):
        return f"no answer within {SECONDS:.0f} seconds"
    if isinstance(error, OSError):
        return NO_NETWORK
    return "it cannot be read as a website"

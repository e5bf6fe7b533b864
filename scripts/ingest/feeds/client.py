"""A polite HTTP client: patient with what passes, plain about what does not."""

from __future__ import annotations

import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pyrate_limiter import Duration, Limiter, Rate
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from scripts.discreet import TORN, address, discreet, is_torn

from ..declared import Api
from ..errors import Refusal
from ..memory import bounded
from ..readers.json import Number

DEPTH = 100
"""Levels of an answer that are read here; what lies deeper is handed on unread."""
LONGEST_PAUSE = 300
"""Seconds; after a longer pause the next run tries again."""
BUSY = {408, 425, 429, 500, 502, 503, 504}
_backoff = wait_exponential_jitter(multiplier=0.5, max=30)


class Passing(Exception):  # noqa: N818 (most often it is none)
    """Something that may be gone at the next try."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Client:
    """Fetches JSON from one API."""

    def __init__(self, api: Api, environment: Mapping[str, str]) -> None:
        if is_torn(api.url):
            raise Refusal(TORN, retry=True)
        self._api = api
        self._limiter = Limiter(Rate(api.requests_per_minute, Duration.MINUTE))
        self._connection: Any = None
        self._is_over = threading.Event()
        # redirects are not followed: they could lead the key elsewhere
        self._http = httpx.Client(
            headers={"Accept": "application/json", **_credentials(api, environment)},
            timeout=api.timeout,
            limits=httpx.Limits(max_connections=1),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        url: str,
        parameters: Mapping[str, Any] | None,
        check: Callable[[Any], None] = lambda answer: None,
    ) -> tuple[Any, httpx.Response]:
        """Return the answer, numbers as written, and the response it came in.

        `check` may raise Passing. Raises Refusal when asking again is of no use,
        or has been of none.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(Passing),
            stop=stop_after_attempt(self._api.attempts),
            wait=_pause,
            sleep=lambda seconds: wait(seconds),
            reraise=True,
        )
        try:
            return attempts(self._ask_once, url, parameters, check)
        except Passing as error:
            raise Refusal(f"{address(url)}: {error}", retry=True) from None

    def _ask_once(
        self,
        url: str,
        parameters: Mapping[str, Any] | None,
        check: Callable[[Any], None],
    ) -> tuple[Any, httpx.Response]:
        self._limiter.try_acquire(self._api.name)
        late = f"no answer within {self._api.timeout:g} s"
        try:
            with bounded(), self._in_time() as is_late:
                response, body = self._whole(url, parameters)
                if is_late():  # its end was ours
                    raise Passing(late)
        except httpx.TimeoutException:
            raise Passing(late) from None
        except httpx.TransportError as error:
            raise Passing(late if is_late() else _words(error)) from None
        except httpx.DecodingError as error:
            raise Passing(f"its compression is faulty: {_words(error)}") from None
        except httpx.InvalidURL:
            raise Refusal("its address cannot be read") from None
        try:
            with bounded():
                answer = _read(_text(body, response.charset_encoding))
        except (ValueError, RecursionError):
            raise Passing("the answer is not JSON") from None
        check(answer)
        return answer, response

    def _whole(
        self, url: str, parameters: Mapping[str, Any] | None
    ) -> tuple[httpx.Response, bytes]:
        """The response and its body, if that is not larger than is allowed."""
        limit = self._api.max_megabytes * 1_000_000
        body = bytearray()
        extensions = {"trace": self._note_connection}
        with self._http.stream(
            "GET", url, params=parameters, extensions=extensions
        ) as response:
            self._check_status(url, response)
            if "," in (coding := response.headers.get("Content-Encoding", "")):
                # a few bytes packed twice are more than any memory holds
                raise Refusal(
                    f"{address(url)}: an answer is packed more than once "
                    f"({discreet(coding)})"
                )
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > limit:
                    raise Refusal(
                        f"{address(url)}: an answer is larger than "
                        f"{self._api.max_megabytes:g} MB (max_megabytes)"
                    )
        return response, bytes(body)

    @contextmanager
    def _in_time(self) -> Iterator[Callable[[], bool]]:
        """Cut the connection when the time is over, however little still drips.

        The timeout of the connection begins anew with each byte.
        """
        self._is_over.clear()
        timer = threading.Timer(self._api.timeout, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield self._is_over.is_set
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._is_over.set()
        if self._connection is not None:
            with suppress(OSError):  # not by TLS, which others are reading
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def _note_connection(self, event: str, facts: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._connection = facts["return_value"].get_extra_info("socket")
            if self._is_over.is_set():
                self._cut()

    def _check_status(self, url: str, response: httpx.Response) -> None:
        status = discreet(f"{response.status_code} {response.reason_phrase}")
        if response.status_code in BUSY:
            pause = retry_after(response.headers.get("Retry-After"))
            if pause is not None and pause > LONGEST_PAUSE:
                raise Refusal(f"{address(url)}: {status}, to be asked in {pause:.0f} s")
            raise Passing(status, pause)
        if response.status_code in (401, 403):
            name = self._api.bearer or self._api.key
            hint = f"is {name} still valid?" if name else "it wants a key"
            raise Refusal(f"{address(url)}: {status}: {hint}")
        if not response.is_success:
            raise Refusal(f"{address(url)}: {status}")


def wait(seconds: float) -> None:
    """Wait before asking again."""
    time.sleep(seconds)


def retry_after(text: str | None) -> float | None:
    """Seconds that a Retry-After header wants: it gives them, or a time."""
    if text is None:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    pause = getattr(error, "pause", None)
    return _backoff(state) if pause is None else pause


def _credentials(api: Api, environment: Mapping[str, str]) -> dict[str, str]:
    headers = {}
    for name, header, text in (
        (api.bearer, "Authorization", "Bearer {}"),
        (api.key, api.key_header, "{}"),
    ):
        if name:
            if not environment.get(name):
                raise Refusal(f"{name} is not set", retry=True)
            value = environment[name].strip()
            if not (value.isascii() and value.isprintable()):
                raise Refusal(f"{name} holds characters that no header can", retry=True)
            headers[header] = text.format(value)
    return headers


def _words(error: Exception) -> str:
    return discreet(error) or type(error).__name__


def _text(body: bytes, charset: str | None) -> str:
    """The text of an answer; a byte that is none of it becomes a lone surrogate.

    So it costs the record that it is in, as it does in a file.
    """
    encoding = json.detect_encoding(body)
    with suppress(UnicodeDecodeError, LookupError):
        return body.decode(encoding)
    with suppress(UnicodeDecodeError, LookupError):
        return body.decode(charset or encoding)
    return body.decode(encoding, "ingest.keep")


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)


def _read(text: str) -> Any:
    """JSON, numbers as written; what is nested deeper than DEPTH stays as written."""
    text, deep = _shallow(text)

    def number(written: str) -> Number:
        return Number(deep.get(written, written))

    return json.loads(text, parse_float=Number, parse_int=number, parse_constant=Number)


def _shallow(text: str) -> tuple[str, dict[str, str]]:
    """The text with a number for whatever is nested too deeply to be parsed.

    Returns what the numbers stand for, too.
    """
    deep: dict[str, str] = {}
    parts: list[str] = []
    depth = end = start = 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in ("{", "["):
            depth += 1
            if depth == DEPTH:
                start = token.start()
        elif mark in ("}", "]"):
            if depth == DEPTH:
                stand_in = f"1{secrets.randbelow(10**30):030}"
                deep[stand_in] = text[start : token.end()]
                parts += text[end:start], stand_in
                end = token.end()
            depth -= 1
    return "".join([*parts, text[end:]]), deep

"""A polite HTTP client: patient with what passes, plain about what does not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
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

from ..declared import Api
from ..errors import Refusal
from ..readers.json import Number

LONGEST_PAUSE = 300
"""Seconds; who asks for more is asked again by the next run."""
BUSY = {408, 425, 429, 500, 502, 503, 504}
_backoff = wait_exponential_jitter(multiplier=0.5, max=30)


class Passing(Exception):  # noqa: N818 (most often it is none)
    """Something that may be gone when asked again."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Client:
    """Asks one interface for JSON."""

    def __init__(self, api: Api, environment: Mapping[str, str]) -> None:
        self._api = api
        self._limiter = Limiter(Rate(api.requests_per_minute, Duration.MINUTE))
        # redirects are not followed: they could lead the key elsewhere
        self._http = httpx.Client(
            headers={"Accept": "application/json", **_credentials(api, environment)},
            timeout=api.timeout,
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
            raise Refusal(f"{_bare(url)}: {error}", retry=True) from None

    def _ask_once(
        self,
        url: str,
        parameters: Mapping[str, Any] | None,
        check: Callable[[Any], None],
    ) -> tuple[Any, httpx.Response]:
        self._limiter.try_acquire(self._api.name)
        try:
            response = self._http.get(url, params=parameters)
        except httpx.TimeoutException:
            raise Passing(f"no answer within {self._api.timeout:g} s") from None
        except httpx.TransportError as error:
            raise Passing(f"{error or type(error).__name__}") from None
        except httpx.InvalidURL as error:
            raise Refusal(f"{_bare(url)}: {error}") from None
        self._check_status(url, response)
        try:
            answer = json.loads(
                response.content,
                parse_float=Number,
                parse_int=Number,
                parse_constant=str,
            )
        except ValueError:
            raise Passing("the answer is not JSON") from None
        check(answer)
        return answer, response

    def _check_status(self, url: str, response: httpx.Response) -> None:
        status = f"{response.status_code} {response.reason_phrase}".strip()
        if response.status_code in BUSY:
            pause = retry_after(response.headers.get("Retry-After"))
            if pause is not None and pause > LONGEST_PAUSE:
                raise Refusal(f"{_bare(url)}: {status}, to be asked in {pause:.0f} s")
            raise Passing(status, pause)
        if response.status_code in (401, 403):
            name = self._api.bearer or self._api.key
            hint = f"is {name} still valid?" if name else "it wants a key"
            raise Refusal(f"{_bare(url)}: {status}: {hint}")
        if not response.is_success:
            raise Refusal(f"{_bare(url)}: {status}")


def wait(seconds: float) -> None:
    """Wait before asking again."""
    time.sleep(seconds)


def retry_after(text: str | None) -> float | None:
    """Seconds that a Retry-After header asks for: it gives them, or a time."""
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
            headers[header] = text.format(environment[name])
    return headers


def _bare(url: str) -> str:
    """A URL as people are told of it: parameters may hold what is secret."""
    return str(httpx.URL(url).copy_with(query=None, userinfo=b"", fragment=None))

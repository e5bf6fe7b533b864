"""A browser that is driven by keys, over the pipe that Chromium offers for it."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import screenshots

LONGEST = 60.0
"""Seconds that an answer may take."""
CODES = {"ArrowRight": 39, "ArrowLeft": 37, "Escape": 27, "Enter": 13}


class Page:
    """One page of a browser."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back, self._rest = to, back, b""
        self._numbers = itertools.count(1)
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")
        self._session = self._call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )["sessionId"]

    def _call(self, method: str, **values: Any) -> dict[str, Any]:
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": values}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._back], [], [], LONGEST)[0], "no answer"
            read = os.read(self._back, 1 << 20)
            assert read, "the browser has ended"
            self._rest += read
        text, _, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    def wait(self, script: str) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + LONGEST
        while not self.evaluate(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.05)

    def open(self, url: str) -> None:
        """Go to an address."""
        self._call("Page.navigate", url=url)
        self.wait(f"location.href == {json.dumps(url)} && {LOADED}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            code = CODES.get(key) or ord(key.upper())
            values = {"key": key, "windowsVirtualKeyCode": code}
            text = {"text": key} if len(key) == 1 else {}
            self._call("Input.dispatchKeyEvent", type="keyDown", **values, **text)
            self._call("Input.dispatchKeyEvent", type="keyUp", **values)

    def press_and_wait(self, *keys: str) -> None:
        """Press keys that send a form, and wait for the page that follows."""
        self.wait(TAKES)
        self.evaluate("window.isOld = true")
        self.press(*keys)
        self.wait(f"!window.isOld && {LOADED}")

    def click_twice_and_wait(self, selector: str) -> None:
        """Click a button that sends a form twice at once, as many people do."""
        self.wait(TAKES)
        place = self.evaluate(
            f"(b => {{ b.scrollIntoView({{block: 'center'}});"
            " const at = b.getBoundingClientRect(); return `${at.x + 5} ${at.y + 5}` })"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        x, y = map(float, place.split())
        self.evaluate("window.isOld = true")
        for count in (1, 2):
            for kind in ("mousePressed", "mouseReleased"):
                values = {"x": x, "y": y, "button": "left", "clickCount": count}
                self._call("Input.dispatchMouseEvent", type=kind, **values)
        self.wait(f"!window.isOld && {LOADED}")


LOADED = "document.readyState == 'complete'"
TAKES = "'takesAnswers' in document.body.dataset"
"""Whether the desk takes answers: not at once, so that none is given twice."""


@contextmanager
def browsing(folder: Path) -> Iterator[Page]:
    """Open a browser without a window, whose files go into a folder."""
    program = screenshots.browser()
    assert program
    ours, theirs = os.pipe(), os.pipe()
    read, write = (
        fcntl.fcntl(n, fcntl.F_DUPFD_CLOEXEC, 10) for n in (ours[0], theirs[1])
    )

    def plug() -> None:
        os.dup2(read, 3)
        os.dup2(write, 4)

    process = subprocess.Popen(
        [program, *screenshots.OPTIONS, "--remote-debugging-pipe"]
        + [f"--user-data-dir={folder}"],
        close_fds=False,
        preexec_fn=plug,
        stderr=subprocess.DEVNULL,
    )
    for number in (ours[0], theirs[1], read, write):
        os.close(number)
    try:
        yield Page(ours[1], theirs[0])
    finally:
        process.terminate()
        process.wait()
        os.close(ours[1])
        os.close(theirs[0])

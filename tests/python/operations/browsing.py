"""Pages of explore in a browser: with axe-core, on a telephone, watched."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.request import urlopen

from scripts import settings
from tools import screenshots


def axe() -> str:
    """The script of axe-core: npm's, which is newer, or that of the Python package."""
    script = settings.PROJECT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        script = files("axe_core_python") / "axe.min.js"
    return script.read_text(encoding="utf-8").replace("</script", "<\\/script")


def whole(address: str, path: str, scheme: str = "light") -> str:
    """A page with its style in it, opened where it is folded."""
    with urlopen(address + path) as answer:  # noqa: S310 (our own)
        text = answer.read().decode()

    def style(match: re.Match[str]) -> str:
        with urlopen(address + match[1]) as answer:  # noqa: S310 (our own)
            css = answer.read().decode()
        if scheme == "dark":
            css = css.replace("(prefers-color-scheme: dark)", "all")
        return f"<style>{css}</style>"

    text = re.sub(r'<link rel="stylesheet" href="([^"]*)">', style, text)
    return text.replace("<details", "<details open")


def violations(text: str, width: int, folder: Path) -> str:
    """What axe-core finds in a page."""
    says = "r => document.title = r.violations.map(v => v.id + v.nodes[0].html).join()"
    script = f"<script>{axe()}</script><script>axe.run().then({says})</script></body>"
    (folder / "page.html").write_text(text.replace("</body>", script), "utf-8")
    url = (folder / "page.html").as_uri()
    dom = screenshots.look(url, f"--window-size={width},1200", "--dump-dom").decode()
    return re.search("<title>(.*?)</title>", dom, re.DOTALL)[1]


def too_wide(text: str, folder: Path) -> str:
    """The width of a page in a frame of 390 pixels, and what is wider than that."""
    measure = """<script>addEventListener('load', () => {
      const wide = [...document.querySelectorAll('body *')].filter(e =>
        !e.closest('.wide') && e.getBoundingClientRect().right > 391);
      parent.postMessage(document.documentElement.scrollWidth + ' '
        + wide.map(e => e.outerHTML.slice(0, 80)), '*');
    })</script></body>"""
    (folder / "page.html").write_text(text.replace("</body>", measure), "utf-8")
    (folder / "frame.html").write_text(
        "<title>x</title><script>addEventListener('message', e => document.title ="
        " e.data)</script><iframe src=page.html width=390 height=2000 style='border:0'>"
    )
    url = (folder / "frame.html").as_uri()
    dom = screenshots.look(url, "--window-size=800,2000", "--dump-dom").decode()
    return re.search("<title>(.*?)</title>", dom, re.DOTALL)[1].strip()


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that answers nothing, and the first lines of what it was asked."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000).decode().splitlines()[0])

        threading.Thread(target=listen, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)

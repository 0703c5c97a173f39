"""The App's server process: FiftyOne's own server behind a check of Host and Origin, on this machine only.

FiftyOne has no login and serves any file that its user can read. A page of a stranger's could reach it through a name
that resolves to 127.0.0.1, so requests that do not name this machine are refused. Started by `eval.review.app` as
`python -m eval.review.server PORT`; ends when its standard input does, so that it never outlives who started it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

ADDRESS = "127.0.0.1"
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class Guard:
    """Refuse what was not asked for by a page of this server.

    Args:
        app: the ASGI application behind it.
        port: where the server listens.
    """

    def __init__(self, app: Application, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".encode() for name in (ADDRESS, "localhost")}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer 403, or hand the request on."""
        if scope["type"] in ("http", "websocket") and not self._trusts(dict(scope["headers"])):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"only for pages of this machine\n"})
            return
        await self._app(scope, receive, send)

    def _trusts(self, headers: dict[bytes, bytes]) -> bool:
        origin = headers.get(b"origin")
        return headers.get(b"host") in self._hosts and (
            origin is None or origin.removeprefix(b"http://") in self._hosts
        )


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main(port: int) -> None:
    """Serve until a signal, or until standard input ends."""
    from fiftyone.server import main as server

    threading.Thread(target=_end_with_parent, daemon=True).start()
    server.app.add_middleware(Guard, port=port)
    server.start_server(port=port, address=ADDRESS)


if __name__ == "__main__":
    main(int(sys.argv[1]))

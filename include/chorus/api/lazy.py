"""The application, imported when somebody first asks for it.

Airflow imports plugins in every process and every task; only the API server needs what is behind this.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class LazyApp:
    """An ASGI application that lives in `module` under the name `app`."""

    def __init__(self, module: str) -> None:
        self.module = module

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await import_module(self.module).app(scope, receive, send)

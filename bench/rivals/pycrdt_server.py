"""pycrdt-websocket behind uvicorn, as its documentation sets it up, with uvicorn's fast parts: PORT as the argument."""

import asyncio
import sys

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer


async def main(port: int) -> None:
    rooms = WebsocketServer()
    config = uvicorn.Config(ASGIServer(rooms), host="127.0.0.1", port=port, log_level="error", ws_max_size=1 << 28)
    async with rooms:
        await uvicorn.Server(config).serve()


asyncio.run(main(int(sys.argv[1])))

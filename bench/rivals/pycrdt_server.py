"""pycrdt-websocket behind uvicorn, as its documentation sets it up, with uvicorn's fast parts: PORT as the argument."""

import asyncio
import sys

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer, exception_logger


async def main(port: int) -> None:
    # Left alone, it forgets a document when the last one leaves, and ends when somebody leaves while it writes to them.
    rooms = WebsocketServer(auto_clean_rooms=False, exception_handler=exception_logger)
    config = uvicorn.Config(ASGIServer(rooms), host="127.0.0.1", port=port, log_level="error", ws_max_size=1 << 28)
    async with rooms:
        await uvicorn.Server(config).serve()


asyncio.run(main(int(sys.argv[1])))

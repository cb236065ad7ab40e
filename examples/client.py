# Writes a line into a document, and prints the text whenever it changes.
#     pip install pycrdt websockets
#     python client.py ws://127.0.0.1:8080/ws my-document
import asyncio
import sys

from pycrdt import Doc, Text, YMessageType, create_sync_message, create_update_message, handle_sync_message
from websockets.asyncio.client import connect


async def main(address: str, name: str) -> None:
    doc = Doc({"text": (text := Text())})
    text.observe(lambda _: print(text, flush=True))
    async with connect(f"{address}/{name}") as socket:
        await socket.send(create_sync_message(doc))
        async for message in socket:
            if message[0] == YMessageType.SYNC and (answer := handle_sync_message(message[1:], doc)):
                await socket.send(answer)
            if message[:2] == b"\0\1":  # the server has sent what we lacked: now it is our turn
                known = doc.get_state()
                text += "Hello from Python\n"
                await socket.send(create_update_message(doc.get_update(known)))


asyncio.run(main(*sys.argv[1:]))

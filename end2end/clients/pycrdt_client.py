"""Edits a document with pycrdt over a WebSocket, for the tests.

Reads one JSON command a line and answers each with the text as it is known here, in JSON. The first line is
written when the document is in sync; the end of the input ends the session.
"""

import asyncio
import json
import sys

from pycrdt import Awareness, Doc, Provider, Text, create_awareness_message
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Channel:
    """What pycrdt wants of a socket."""

    def __init__(self, socket: ClientConnection, path: str) -> None:
        self._socket = socket
        self.path = path

    def __aiter__(self) -> "Channel":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self.recv()
        except ConnectionClosed:
            raise StopAsyncIteration from None

    async def send(self, message: bytes) -> None:
        await self._socket.send(message)

    async def recv(self) -> bytes:
        message = await self._socket.recv()
        assert isinstance(message, bytes), "the server sent a text frame"
        return message


def offset(text: Text, needle: str) -> int:
    """Where `needle` begins, in UTF-8 bytes: so pycrdt counts."""
    before, found, _ = str(text).partition(needle) if needle else ("", "", "")
    if needle and not found:
        raise ValueError(f"the text does not hold {needle!r}")
    return len(before.encode())


def carry_out(command: dict[str, str], text: Text) -> None:
    if command["do"] == "insert":
        after = command["after"]
        text.insert(offset(text, after) + len(after.encode()), command["text"])
    elif command["do"] == "remove":
        start = offset(text, command["text"])
        del text[start : start + len(command["text"].encode())]


def tell(text: Text) -> None:
    print(json.dumps(str(text)), flush=True)


async def say_who_is_here(channel: Channel, doc: Doc) -> None:
    """pycrdt's provider leaves presence to its user."""
    awareness = Awareness(doc)
    # Others see a client only from its second state on: the first has clock 0, which they ignore.
    awareness.set_local_state({"user": {"name": "pycrdt"}})
    state = awareness.encode_awareness_update([awareness.client_id])
    await channel.send(create_awareness_message(state))


async def serve(text: Text) -> None:
    tell(text)
    while line := await asyncio.to_thread(sys.stdin.readline):
        carry_out(json.loads(line), text)
        tell(text)


async def main(url: str) -> None:
    doc: Doc = Doc()
    text = doc.get("text", type=Text)
    async with connect(url, max_size=None) as socket:
        channel = Channel(socket, url)
        async with Provider(doc, channel) as provider:
            await provider.synced.wait()
            await say_who_is_here(channel, doc)
            await serve(text)


asyncio.run(main(sys.argv[1]))

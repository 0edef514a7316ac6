"""A small HTTP server on this machine whose behaviour a test chooses."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def always(
    body: bytes = b'{"answer": 42}', *, status: str = "200 OK", instance: str = "a"
) -> Callable[[], bytes]:
    """The same answer to everybody."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nX-Instance: {instance}\r\n\r\n"
    return lambda: head.encode() + body


def standing_still(answer: Callable[[], bytes], *, for_seconds: float, in_each: float) -> Callable[[], bytes]:
    """The whole server stands still for the first part of each stretch of time."""

    def reply() -> bytes:
        phase = time.monotonic() % in_each
        if phase < for_seconds:
            time.sleep(for_seconds - phase)
        return answer()

    return reply


@contextmanager
def served(reply: Callable[[], bytes]) -> Iterator[str]:
    """The address of a server that answers each request with what `reply` gives; it closes where that is empty."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda r, w: _serve(r, w, reply), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        asyncio.run_coroutine_threadsafe(_send_everybody_home(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Callable[[], bytes]
) -> None:
    while await _head_of(reader):
        answer = reply()
        writer.write(answer)
        if not answer:
            writer.close()
            return


async def _head_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def _send_everybody_home() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

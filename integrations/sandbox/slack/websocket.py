"""The server's side of a websocket (RFC 6455) as Socket Mode needs it: text, ping, close."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from socketserver import StreamRequestHandler

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
CONTINUED = 0x0
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # from the RFC
LONGEST = 16 * 2**20


class Closed(Exception):
    """The other side has gone."""


def accept(handler: StreamRequestHandler) -> str:
    """Answer the handshake and return the requested path."""
    path = handler.rfile.readline().decode("latin-1").split(" ")[1]
    key = ""
    while (line := handler.rfile.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        if name.lower() == "sec-websocket-key":
            key = value.strip()
    digest = hashlib.sha1((key + MAGIC).encode(), usedforsecurity=False).digest()
    handler.wfile.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )
    return path


class Peer:
    """One open connection."""

    def __init__(self, handler: StreamRequestHandler) -> None:
        self._handler = handler
        self._lock = threading.Lock()

    def send(self, text: str) -> None:
        """Send a text message."""
        self._send(TEXT, text.encode())

    def receive(self) -> str:
        """Return the next text message; pings are answered meanwhile. Raises Closed."""
        parts: list[bytes] = []
        while True:
            is_last, kind, content = self._frame()
            if kind == PING:
                self._send(PONG, content)
            elif kind == CLOSE:
                raise Closed
            elif kind in (TEXT, CONTINUED):
                parts.append(content)
                if is_last:
                    return b"".join(parts).decode()

    def close(self) -> None:
        """End the connection."""
        try:
            self._send(CLOSE, struct.pack("!H", 1000))
            self._handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _send(self, kind: int, content: bytes) -> None:
        size = len(content)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, size)
        elif size < 2**16:
            head = struct.pack("!BBH", 0x80 | kind, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 127, size)
        with self._lock:
            self._handler.connection.sendall(head + content)

    def _frame(self) -> tuple[bool, int, bytes]:
        """Return (whether the message ends with it, the frame's kind, its content)."""
        first, second = self._read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        if not second & 0x80 or size > LONGEST:  # a client must mask what it sends
            raise Closed
        mask = self._read(4)
        content = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self._read(size)))
        return bool(first & 0x80), first & 0x0F, content

    def _read(self, size: int) -> bytes:
        content = self._handler.rfile.read(size)
        if len(content) < size:
            raise Closed
        return content

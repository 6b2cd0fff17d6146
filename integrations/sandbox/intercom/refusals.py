"""Intercom's error list."""

from __future__ import annotations

from uuid import uuid4

from flask import Response, jsonify


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status)
        self.status, self.code, self.message = status, code, message


def answer(refused: Refused) -> tuple[Response, int]:
    """Return the refusal in the vendor's shape."""
    errors = [{"code": refused.code, "message": refused.message}]
    return jsonify(type="error.list", request_id=str(uuid4()), errors=errors), refused.status

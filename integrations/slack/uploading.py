"""The bytes of a file on their way to Slack, and its name there."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

import requests

from bot.errors import AnswerError, TransientError
from integrations.slack.client import VENDOR

UPLOAD_TIMEOUT_S = (5.0, 60.0)
DOING = "uploading an image"


def send_bytes(session: requests.Session, url: str, image: bytes) -> None:
    """Send the file's bytes; nothing is visible before it is shared, so any failure is for now."""
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname != "127.0.0.1":
        raise AnswerError(VENDOR, DOING, "the upload address is not https")
    try:
        answer = session.post(url, data=image, timeout=UPLOAD_TIMEOUT_S, allow_redirects=False)
    except requests.exceptions.RequestException as exc:
        raise TransientError(VENDOR, DOING, type(exc).__name__) from exc
    if answer.status_code != 200:
        raise TransientError(VENDOR, DOING, str(answer.status_code))


def file_name(key: str) -> str:
    """Return the file's name for a key: readable, and another for every key."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", key)[:80].strip("-")
    return f"voc-{readable}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.png"

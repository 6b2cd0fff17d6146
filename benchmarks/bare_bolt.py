"""A Bolt app that only acknowledges and answers, served as Voc is.

`python -m benchmarks.bare_bolt PORT SECRET`.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, Response, request
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.webhook import WebhookClient
from waitress import serve

from bot.commands.running import LISTENER_THREADS, WEB_THREADS


def main() -> None:
    """Serve until ended."""
    port, secret = sys.argv[1:]
    app = App(
        signing_secret=secret,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None),
        token_verification_enabled=False,
    )
    answering = ThreadPoolExecutor(LISTENER_THREADS)

    @app.command("/voc")
    def answer(ack: Ack, body: dict[str, str]) -> None:
        ack()
        answering.submit(WebhookClient(body["response_url"]).send, text="Here you are.")

    web, handler = Flask("bare"), SlackRequestHandler(app)
    web.add_url_rule("/readyz", "readyz", lambda: "ok")

    @web.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    serve(web, host="127.0.0.1", port=int(port), threads=WEB_THREADS)


if __name__ == "__main__":
    main()

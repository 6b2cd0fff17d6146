"""files.*: the three steps by which a file is uploaded and shared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from integrations.sandbox.slack.calls import Call, Method, invalid
from integrations.sandbox.slack.chat import writable
from integrations.sandbox.slack.limits import TIER_3, TIER_4
from integrations.sandbox.slack.state import Json, Refused, StoredFile

LONGEST_ALT_TEXT = 1_000  # docs.slack.dev/reference/methods/files.getUploadURLExternal


def get_upload_url(call: Call) -> Json:
    """Answer files.getUploadURLExternal."""
    name, length = call.required("filename"), call.required("length")
    if not length.isdigit() or int(length) < 1:
        raise invalid("must be more than 0 [json-pointer:/length]")
    if len(call.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large")
    file = StoredFile(id=call.space.new_id("F"), name=name, length=int(length), alt_text=call.text("alt_txt"))
    call.space.files[file.id] = file
    return {"upload_url": f"{call.slack.base_url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Answer files.completeUploadExternal: share the files as one message."""
    wanted = call.json("files")
    if (
        not isinstance(wanted, list)
        or not wanted
        or not all(isinstance(f, dict) and "id" in f for f in wanted)
    ):
        raise invalid("missing required field: files [json-pointer:/files]")
    files = [_uploaded(call, item) for item in wanted]
    if call.text("channel_id"):
        args = {"channel": call.text("channel_id")}
        channel = writable(replace(call, args=args))
        if not channel.is_member:  # chat:write.public is for messages only
            raise Refused("not_in_channel")
        fields: dict[str, Any] = {
            "text": call.text("initial_comment"),
            "files": [described(f, call) for f in files],
        }
        if thread := call.text("thread_ts"):
            if (parent := channel.message(thread)) is None:
                raise Refused("invalid_thread_ts")
            fields["thread_ts"] = parent.setdefault("thread_ts", parent["ts"])
        call.space.add_message(channel, upload=True, **fields)
    for file in files:
        file.is_shared = True
    return {"files": [{"id": f.id, "title": f.title} for f in files]}


def delete(call: Call) -> Json:
    """Answer files.delete; a message that shared the file keeps a tombstone in its place."""
    file = call.space.files.get(call.required("file"))
    if file is None:
        raise Refused("file_not_found")
    if file.is_deleted:
        raise Refused("file_deleted")
    file.is_deleted, file.content = True, None
    for channel in call.space.channels.values():
        for message in channel.messages:
            for shared in message.get("files") or []:
                if shared["id"] == file.id:
                    shared.clear()
                    shared.update(id=file.id, mode="tombstone")
    return {}


def described(file: StoredFile, call: Call) -> Json:
    """Return the file as messages carry it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "alt_txt": file.alt_text,
        "size": file.length,
        "mimetype": "image/png" if file.name.endswith(".png") else "application/octet-stream",
        "user": call.space.app["user_id"],
        "url_private": f"{call.slack.base_url}/files-pri/{file.id}/{file.name}",
    }


def _uploaded(call: Call, item: Json) -> StoredFile:
    file = call.space.files.get(item["id"])
    if file is None or file.content is None or file.is_shared:
        raise Refused("file_not_found")
    file.title = str(item.get("title") or file.name)
    return file


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), TIER_4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), TIER_4),
    "files.delete": Method(delete, ("files:write",), TIER_3),
}

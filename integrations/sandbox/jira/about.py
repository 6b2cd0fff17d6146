"""Who we are, what we may do, which projects there are, what time it is."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.jira.refusals import NO_ISSUE, Refused, Route, number
from integrations.sandbox.jira.state import PERMISSIONS, US
from integrations.sandbox.jira.wire import Wire

API_2 = "/rest/api/2"


class About:
    """The endpoints of site, account and projects."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._site = wire, wire.site

    def routes(self) -> list[Route]:
        """Return method, rule and view of each."""
        api = self._wire.api
        return [
            ("GET", f"{api}/configuration", self.configuration),
            ("GET", f"{api}/field", self.fields),
            ("GET", f"{api}/myself", self.myself),
            ("GET", f"{api}/mypermissions", self.permissions),
            ("GET", f"{api}/project/search", self.projects),
            ("GET", f"{api}/project/<key>", self.project),
        ]

    def open_routes(self) -> list[Route]:
        """Return those that anybody may ask, signed in or not; Cloud has them below both versions."""
        return [
            ("GET", rule, self.server_info)
            for rule in {f"{API_2}/serverInfo", f"{self._wire.api}/serverInfo"}
        ]

    def server_info(self) -> ResponseReturnValue:
        """Answer what anybody may know."""
        return jsonify(
            baseUrl=self._wire.base_url(),
            version="1001.0.0-SNAPSHOT" if self._site.is_cloud else "9.12.15",
            versionNumbers=[1001, 0, 0] if self._site.is_cloud else [9, 12, 15],
            deploymentType="Cloud" if self._site.is_cloud else "Server",
            buildNumber=100290,
            serverTime=self._wire.time(self._site.clock.now()),
            serverTimeZone=self._site.settings.time_zone,
            serverTitle="Jira",
        )

    def myself(self) -> ResponseReturnValue:
        """Answer our account."""
        if not self._site.knows_us:
            raise Refused(401, "Client must be authenticated to access this resource.")
        return jsonify({**self._wire.user(US), "emailAddress": self._site.settings.email, "locale": "en_US"})

    def configuration(self) -> ResponseReturnValue:
        """Answer what the site has turned on."""
        if not self._site.knows_us:
            raise Refused(401, "Client must be authenticated to access this resource.")
        return jsonify(issueLinkingEnabled=self._site.settings.issue_linking, attachmentsEnabled=True)

    def fields(self) -> ResponseReturnValue:
        """Answer the fields of issues, the site's own among them."""
        system = [
            {"id": name, "key": name, "name": name.capitalize(), "custom": False, "schema": {"type": kind}}
            for name, kind in (("summary", "string"), ("labels", "array"), ("duedate", "date"))
        ]
        own = [
            {"id": f.id, "key": f.id, "name": f.name, "custom": True, "schema": {"type": f.type}}
            for f in self._site.settings.fields
        ]
        return jsonify([*system, *own])

    def permissions(self) -> ResponseReturnValue:
        """Answer which of the named permissions we have, anywhere or on one project."""
        names = [name for name in request.args.get("permissions", "").split(",") if name]
        if not names or not set(names) <= set(PERMISSIONS):
            raise Refused(400, "The permissions are missing, or one is unknown.")
        if (key := request.args.get("projectKey")) and self._site.project(key) is None:
            raise Refused(404, f"No project could be found with key '{key}'.")
        if (key := request.args.get("issueKey")) and self._site.issue(key) is None:
            raise Refused(404, NO_ISSUE)
        known = self._site.knows_us
        return jsonify(
            permissions={
                name: {
                    "id": str(PERMISSIONS.index(name)),
                    "key": name,
                    "name": name.replace("_", " ").capitalize(),
                    "type": "PROJECT",
                    "description": "",
                    "havePermission": known and self._site.may(name),
                }
                for name in names
            }
        )

    def projects(self) -> ResponseReturnValue:
        """Answer a page of the projects that we can see, by key."""
        seen = sorted((p for p in self._site.projects.values() if self._site.sees(p)), key=lambda p: p.key)
        start, size = number("startAt", 0), min(number("maxResults", 50), 100)
        page = seen[start : start + size]
        return jsonify(
            {
                "self": self._wire.url("project/search"),
                "startAt": start,
                "maxResults": size,
                "total": len(seen),
                "isLast": start + len(page) >= len(seen),
                "values": [self._wire.project(project) for project in page],
            }
        )

    def project(self, key: str) -> ResponseReturnValue:
        """Answer one project."""
        project = self._site.project(key)
        if project is None:
            raise Refused(404, f"No project could be found with key '{key}'.")
        return jsonify(self._wire.project(project))

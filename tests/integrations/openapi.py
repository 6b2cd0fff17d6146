"""A vendor's OpenAPI description as a judge of requests and answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

Record = dict[str, Any]


class _Loader(yaml.CSafeLoader):
    """YAML as the vendors write it: a plain `=` is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:value"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Description:
    """One description. more: query parameters that the vendor documents outside of it, by path."""

    def __init__(self, file: Path, more: Mapping[str, set[str]] | None = None) -> None:
        self._spec: Record = _nullable(yaml.load(file.read_text(encoding="utf-8"), _Loader))
        self._more = more or {}
        templates: list[str] = sorted(self._spec["paths"], key=lambda path: path.count("{"))
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in templates]

    def refusals(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer."""
        answers = self._operation(method, path)["responses"]
        if str(status) not in answers:
            return [f"{method} {path} never answers {status}"]
        content = self._resolved(answers[str(status)])["content"]["application/json"]
        return self._faults(content["schema"], body)

    def request_refusals(self, received: Record) -> list[str]:
        """Return what is wrong with a request, given as the sandbox's ledger keeps it."""
        method, path = received["method"], received["path"]
        operation = self._operation(method, path)
        template = self._template(path)
        shared = self._spec["paths"][template].get("parameters", [])
        parameters = [self._resolved(p) for p in [*shared, *operation.get("parameters", [])]]
        known = {p["name"] for p in parameters} | self._more.get(template, set())
        sent = {name.split("[")[0] for name in parse_qs(received["query"])}
        missing = {p["name"] for p in parameters if p["in"] == "query" and p.get("required")} - sent
        found = [f"{method} {path}: {name} is unknown" for name in sorted(sent - known)]
        found += [f"{method} {path}: {name} is missing" for name in sorted(missing)]
        if "requestBody" in operation:
            content = self._resolved(operation["requestBody"])["content"]["application/json"]
            found += self._faults(content["schema"], yaml.safe_load(received["body"]))
        return found

    def _operation(self, method: str, path: str) -> Record:
        operation: Record = self._spec["paths"][self._template(path)][method.lower()]
        return operation

    def _template(self, path: str) -> str:
        return next(template for pattern, template in self._paths if pattern.fullmatch(path))

    def _resolved(self, part: Record) -> Record:
        found: Any = part
        if "$ref" in part:
            found = self._spec
            for key in part["$ref"].removeprefix("#/").split("/"):
                found = found[key]
        return dict(found)

    def _faults(self, schema: Record, value: Any) -> list[str]:
        whole = {**schema, "components": self._spec["components"]}
        return [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in OAS30Validator(whole).iter_errors(value)
            if not _is_null_of_nullable_enum(error)
        ]


def _nullable(part: Any) -> Any:
    """Return the description with `nullable` beside `$ref` as its authors mean it, not as 3.0 reads it."""
    if isinstance(part, list):
        return [_nullable(item) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and part.get("nullable") is True:
        return {"anyOf": [{"$ref": part["$ref"]}, {"enum": [None], "nullable": True}]}
    return {key: _nullable(value) for key, value in part.items()}


def _is_null_of_nullable_enum(error: ValidationError) -> bool:
    """Return whether null was refused by an enum of a nullable schema: the vendors mean to allow it."""
    schema: Any = error.schema
    return error.validator == "enum" and error.instance is None and schema.get("nullable") is True

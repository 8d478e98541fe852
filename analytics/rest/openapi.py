"""The description of the API, with every answer that an operation may give: what no operation says itself is added."""

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from analytics.rest.answers import CONTENT_TYPES
from analytics.rest.problems import CONTENT_TYPE, Problem

_METHODS = ("get", "post", "put", "patch", "delete")
_WORDS = {
    400: "The request cannot be read",
    401: "Not logged in, or a token that opens nothing",
    403: "The token lacks a scope, or no form token was sent with a session",
    404: "There is no such thing, or it is not yours",
    409: "It does not go with what there is",
    413: "The request is too large",
    422: "A value is not valid",
    429: "Too many requests; Retry-After says when to go on",
    500: "A failure of livepairs",
    503: "Closed for maintenance, or the database does not answer",
}
_OF_ALL = (400, 429, 500, 503)
#: body of a file; the schema of text and of bytes
_FILES = {
    name: {"schema": {"type": "string", **({} if name.startswith("text") else {"format": "binary"})}}
    for name in (kind.partition(";")[0] for kind in CONTENT_TYPES.values())
}


class Api(NinjaAPI):
    """A NinjaAPI whose description is complete."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"].setdefault("schemas", {})["Problem"] = Problem.json_schema()
        for path, method, operation in operations(schema):
            _complete(path, method, operation)
        return schema


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of a description."""
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path, method, methods[method]


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    # ninja knows the numbers, JSON text their keys
    operation["responses"] = responses = {str(status): told for status, told in responses.items()}
    for status in _statuses(path, operation):
        responses[str(status)] = _problem(status)
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "format" in names:
        responses["200"].setdefault("content", {}).update(_FILES)
    if method == "get":
        responses["304"] = {"description": "What you have is still so (If-None-Match)"}


def _statuses(path: str, operation: dict[str, Any]) -> Iterator[int]:
    yield from _OF_ALL
    if operation.get("security"):
        yield from (401, 403)
    if "{" in path:
        yield 404
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if "requestBody" in operation:
        yield from (409, 413)


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _WORDS[status], "content": {CONTENT_TYPE: {"schema": schema}}}

"""The reference of the API as a page, made from the same description that programs read."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Scope
from analytics.rest.openapi import operations

#: answers that any operation may give are told once
_OF_ALL = ("304", "400", "401", "403", "413", "422", "429", "500", "503")


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Operations by what they are about."""
    context = {"groups": _groups(), "scopes": Scope.choices}
    return render(request, "analytics/reference.html", context)


@cache
def _groups() -> list[dict[str, Any]]:
    from analytics.api import api

    schema = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, method, told in operations(schema):
        for tag in told.get("tags", ["Other"]):
            groups.setdefault(tag, []).append(_operation(schema, path, method, told))
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(schema: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": told["operationId"],
        "method": method,
        "path": path,
        "description": told.get("description", ""),
        "is_public": not told.get("security"),
        "inputs": [*_parameters(told), *(_fields(schema, body) if body else ())],
        "answers": [
            (status, answer["description"]) for status, answer in told["responses"].items() if status not in _OF_ALL
        ],
        "outputs": _outputs(schema, told),
    }


def _parameters(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for parameter in told.get("parameters", ()):
        shape = parameter.get("schema", {})
        yield {
            "name": parameter["name"],
            "place": parameter["in"],
            "is_needed": parameter.get("required", False),
            "kind": _kind(shape),
            "usual": shape.get("default"),
            "about": parameter.get("description") or shape.get("description", ""),
        }


def _fields(schema: dict[str, Any], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    whole = _resolved(schema, body)
    for name, shape in whole.get("properties", {}).items():
        yield {
            "name": name,
            "place": "body",
            "is_needed": name in whole.get("required", ()),
            "kind": _kind(shape),
            "usual": shape.get("default"),
            "about": shape.get("description", ""),
        }


def _outputs(schema: dict[str, Any], told: dict[str, Any]) -> str:
    """Names of what an answer holds; of a list those of its items."""
    for status in ("200", "201"):
        content = told["responses"].get(status, {}).get("content", {}).get("application/json")
        if content:
            shape = _resolved(schema, content["schema"]).get("properties", {})
            items = shape.get("items", {}).get("items")
            if items is not None:
                return ", ".join(_resolved(schema, items).get("properties", {})) + " in each of items; next"
            return ", ".join(shape)
    return ""


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else shape
    return found


def _kind(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(each) for each in shape["enum"])
    if "anyOf" in shape:
        kinds = [_kind(each) for each in shape["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "null"))
    return str(shape.get("format") or shape.get("type", "any"))

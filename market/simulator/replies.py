"""HTTP answers of the exchange, its error table, and the parameters of a query."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

JSON_TYPE = "application/json;charset=UTF-8"
_FORBIDDEN_PAGE = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n'
    "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n"
    "<H1>403 ERROR</H1>\n<H2>The request could not be satisfied.</H2>\n</BODY></HTML>\n"
)
_RESTRICTED = (
    "Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms."
    " Please contact customer service if you believe you received this message in error."
)
_TOO_MANY = (
    "Too many requests; current limit is {limit} requests per minute."
    " Please use the websocket for live updates to avoid polling the API."
)
_BANNED = (
    "Way too many requests; IP(127.0.0.1) banned until {until}."
    " Please use the websocket for live updates to avoid bans."
)
_NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})


class QueryError(Exception):
    """A query the venue refuses, with its own code and words."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.reply = error(status, code, message)


def answer(value: Any) -> Reply:
    return Reply(200, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def error(status: int, code: int, message: str, **headers: str) -> Reply:
    body = json.dumps({"code": code, "msg": message}, separators=(",", ":"), ensure_ascii=False)
    return Reply(status, body.encode(), {"Content-Type": JSON_TYPE, **headers})


def too_many(limit: int, retry_after: int) -> Reply:
    return error(429, -1003, _TOO_MANY.format(limit=limit), **{"Retry-After": str(retry_after)})


def banned(until_ms: int, retry_after: int) -> Reply:
    return error(418, -1003, _BANNED.format(until=until_ms), **{"Retry-After": str(retry_after)})


def forbidden() -> Reply:
    return Reply(403, _FORBIDDEN_PAGE.encode(), {"Content-Type": "text/html"})


def restricted() -> Reply:
    return error(451, 0, _RESTRICTED)


def broken() -> Reply:
    return error(500, -1000, "Unknown error, please check your request or try again later.")


def unknown_path(path: str) -> Reply:
    return error(404, -5000, f"Path {path}, Method GET is invalid")


@dataclass(frozen=True)
class Query:
    """Parameters of one request, read the way the venue reads them."""

    values: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> "Query":
        return cls(dict(parse_qsl(text, keep_blank_values=True)))

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value == "":
            raise QueryError(-1105, f"Parameter '{name}' was empty.")
        return value

    def required(self, name: str) -> str:
        value = self.values.get(name)
        if not value:
            raise QueryError(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        return value

    def number(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not _NUMBER.fullmatch(value):
            raise QueryError(
                -1100, f"Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."
            )
        return int(value)

    def limit(self, default: int, most: int) -> int:
        value = self.number("limit")
        if value is None:
            return default
        if not 1 <= value <= most:
            raise QueryError(-1130, "Data sent for parameter 'limit' is not valid.")
        return value

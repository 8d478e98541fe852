"""Who gets what from every address: GET and POST, as alice, bob, mallory, nobody and staff.

A cell is a status, or `login`: sent to the login page. Names in braces are of tests/shell/access_cast.py.
"""

from typing import NamedTuple


class Row(NamedTuple):
    address: str
    get: str
    post: str
    data: dict[str, str] = {}


FOR_ALL = "200 200 200 200 200"
NONE = "404 404 404 404 404"
NO_POST = "405 405 405 405 405"
#: pages and forms of one's account
OWN = "200 200 200 login 200"
#: what is of no use to somebody who is logged in
DOOR = "302 302 302 200 302"
GONE = "404 404 404 login 404"

PAGES = [
    Row("/", "302 302 302 200 302", NO_POST),
    Row("/preferences/", NO_POST, "302 302 302 302 302", {"theme": "dark"}),
    Row("/preferences/?zone", NO_POST, "422 422 422 302 422", {"time_zone": "Nowhere/At All"}),
    Row("/settings/", OWN, "405 405 405 login 405"),
    Row("/notices/", OWN, "302 302 302 login 302"),
    Row("/notices/?part=list", OWN, "302 302 302 login 302", {"until": "1"}),
    Row("/search/?q=aaa", OWN, "405 405 405 login 405"),
    Row("/styleguide/", "404 404 404 404 200", NO_POST),
    Row("/healthz", FOR_ALL, NO_POST),
    Row("/readyz", FOR_ALL, NO_POST),
    Row("/health/", OWN, "405 405 405 login 405"),
    Row("/health/?part=state", OWN, "405 405 405 login 405"),
    Row("/health/feed/", "405 405 405 login 405", "403 403 403 login 302", {"action": "pause"}),
    # The description of the API is the same for all, whatever the method
    Row("/api/v1/openapi.json", FOR_ALL, FOR_ALL),
    Row("/api/v1/", NONE, NONE),
    Row("/api/v1/metrics", FOR_ALL, NO_POST),
    Row("/api/v1/search?q=aaa bbb", "200 200 200 401 200", NO_POST),
    Row("/api/v1/search?q=%00%25_", "200 200 200 401 200", NO_POST),
    Row("/method/", FOR_ALL, NO_POST),
]

PAIRS = [
    Row("/dashboard/", OWN, "405 405 405 login 405"),
    Row("/dashboard/?pair={alices}", "200 404 404 login 404", "405 405 405 login 405"),
    Row("/dashboard/?pair={bobs}", "404 200 404 login 404", "405 405 405 login 405"),
    *(
        Row(f"/dashboard/?pair={other}", GONE, "405 405 405 login 405")
        for other in ("{absent}", "0", "-1", "9223372036854775808", "text", "%00", "١")
    ),
    Row("/pairs/AAAUSDT~BBBUSDT/", OWN, "405 405 405 login 405"),
    Row("/pairs/AAAUSDT~BBBUSDT/history/", OWN, "405 405 405 login 405"),
    Row("/pairs/AAAUSDT~BBBUSDT/?tf=1m&win=99999", OWN, "405 405 405 login 405"),
    Row("/pairs/AAAUSDT~BBBUSDT/other/", GONE, "405 405 405 login 405"),
    *(
        Row(f"/pairs/{other}/", GONE, "405 405 405 login 405")
        for other in ("AAAUSDT~AAAUSDT", "AAAUSDT~ABSENT", "~~~", "A~%00", "%D9%A1~B")
    ),
    Row("/pairs/open/", "405 405 405 login 405", "200 200 200 login 200", {"pair": "AAAUSDT~BBBUSDT", "tf": "1m"}),
    Row("/pairs/open/", "405 405 405 login 405", GONE, {"pair": "AAAUSDT~ABSENT"}),
    Row("/pairs/keep/", "405 405 405 login 405", "302 302 302 login 302", {"pair": "AAAUSDT~BBBUSDT", "tf": "1m"}),
    Row("/pairs/keep/", "405 405 405 login 405", GONE, {"pair": "~"}),
    # Bob reads Alice's pair by a share: what would change it is forbidden to him, and not there for strangers
    Row("/pairs/{alices}/note/", "302 403 404 login 404", "302 403 404 login 404", {"note": "mine"}),
    Row("/pairs/{bobs}/note/", "404 302 404 login 404", "404 302 404 login 404", {"note": "his"}),
    Row(
        "/views/",
        "405 405 405 login 405",
        "302 302 302 login 302",
        {"name": "Mine", "address": "/pairs/AAAUSDT~BBBUSDT/"},
    ),
    Row("/views/", "405 405 405 login 405", "302 302 302 login 302", {"name": "Theirs", "address": "//evil.example/"}),
    Row("/views/{alices_view}/delete/", "405 405 405 login 405", "302 404 404 login 404"),
    Row("/views/{absent}/delete/", "405 405 405 login 405", GONE),
    Row("/pairs/add/", "405 405 405 login 405", "422 422 302 login 302", {"y": "AAAUSDT", "x": "BBBUSDT"}),
    Row("/pairs/{alices}/settings/", "302 403 404 login 404", "422 403 404 login 404"),
    Row("/pairs/{bobs}/settings/", "404 302 404 login 404", "404 422 404 login 404"),
    Row("/pairs/{alices}/remove/", "405 405 405 login 405", "302 403 404 login 404"),
    Row("/pairs/{bobs}/remove/", "405 405 405 login 405", "404 302 404 login 404"),
    *(Row(f"/pairs/{other}/settings/", GONE, GONE) for other in ("{absent}", "0", "9223372036854775808")),
    *(
        Row(f"/pairs/{other}/remove/", "405 405 405 login 405", GONE)
        for other in ("{absent}", "0", "9223372036854775808")
    ),
    *(Row(f"/pairs/{other}/remove/", NONE, NONE) for other in ("-1", "text", "1.0", "%D9%A1", "{alices}%00")),
]

HIDDEN = "404 404 404 404"
STAFF = [
    Row("/staff/", f"{HIDDEN} 200", f"{HIDDEN} 405"),
    Row("/staff/?q=%00&page=x", f"{HIDDEN} 200", f"{HIDDEN} 405"),
    Row("/staff/users/{alice}/", f"{HIDDEN} 200", f"{HIDDEN} 302", {"action": "lock"}),
    Row("/staff/users/{alice}/?role", f"{HIDDEN} 200", f"{HIDDEN} 403", {"action": "role", "role": "staff"}),
    Row("/staff/users/{alice}/?quotas", f"{HIDDEN} 200", f"{HIDDEN} 302", {"action": "quotas", "pairs": "3"}),
    Row("/staff/users/{alice}/?bad", f"{HIDDEN} 200", f"{HIDDEN} 422", {"action": "quotas", "pairs": "-3"}),
    Row("/staff/users/0/", NONE, NONE),
    Row("/staff/symbols/?q=aaa&show=blocked", f"{HIDDEN} 200", f"{HIDDEN} 405"),
    Row("/staff/symbols/{leg}/", f"{HIDDEN} 200", f"{HIDDEN} 302", {"reason": "wrong"}),
    Row("/staff/symbols/{leg}/?bad", f"{HIDDEN} 200", f"{HIDDEN} 422", {"reason": ""}),
    Row("/staff/symbols/0/", NONE, NONE),
    Row("/staff/feed/", f"{HIDDEN} 200", f"{HIDDEN} 302"),
    Row("/staff/announcements/", f"{HIDDEN} 200", f"{HIDDEN} 422", {"text": "x"}),
    Row("/staff/announcements/0/end/", f"{HIDDEN} 405", NONE),
    Row("/staff/audit/?who=a&what=b&action=login&since=2026-01-01&until=x", f"{HIDDEN} 200", f"{HIDDEN} 405"),
    Row("/staff/audit.csv", f"{HIDDEN} 200", f"{HIDDEN} 405"),
]
POST_ONLY = "405 405 405 login 405"
SHARING = [
    Row("/pairs/AAAUSDT~BBBUSDT/share/", OWN, POST_ONLY),
    Row("/pairs/{alices}/share/", POST_ONLY, "302 403 404 login 404", {"name": "somebody"}),
    Row("/pairs/{alices}/share/", POST_ONLY, "422 403 404 login 404", {"name": "alice"}),
    Row("/pairs/{bobs}/share/", POST_ONLY, "404 302 404 login 404", {"name": "somebody"}),
    Row("/pairs/{absent}/share/", POST_ONLY, GONE, {"name": "somebody"}),
    Row("/pairs/{alices}/links/", POST_ONLY, "201 403 404 login 404", {"days": "30"}),
    Row("/pairs/{alices}/links/", POST_ONLY, "422 403 404 login 404", {"days": "0"}),
    Row("/pairs/{absent}/links/", POST_ONLY, GONE, {"days": "30"}),
    Row("/views/{alices_view}/share/", POST_ONLY, "302 404 404 login 404", {"name": "somebody"}),
    Row("/views/{absent}/share/", POST_ONLY, GONE, {"name": "somebody"}),
    Row("/shared/", OWN, POST_ONLY),
    Row("/shared/{share}/", "404 200 404 login 404", POST_ONLY),
    Row("/shared/{absent}/", GONE, POST_ONLY),
    Row("/shared/{share}/end/", POST_ONLY, "302 404 404 login 404"),
    Row("/shared/{absent}/end/", POST_ONLY, GONE),
    Row("/shared/links/{link}/end/", POST_ONLY, "302 404 404 login 404"),
    Row("/shared/links/{absent}/end/", POST_ONLY, GONE),
    Row("/link/{secret}/", FOR_ALL, NO_POST),
    Row("/link/no-such-secret/", NONE, NO_POST),
]

NO_TOPIC = "404 404 404 401 404"
TOPICS = [
    Row("/api/v1/topics/spec.{spec}", "200 200 404 401 404", NO_POST),
    Row("/api/v1/topics/spec.{absent_spec}", NO_TOPIC, NO_POST),
    Row("/api/v1/topics/user.{alice}", "200 404 404 401 404", NO_POST),
    Row("/api/v1/topics/user.{bob}", "404 200 404 401 404", NO_POST),
    Row("/api/v1/topics/feed", "200 200 200 401 200", NO_POST),
    Row("/api/v1/topics/price.simulated:AAAUSDT", "200 200 200 401 200", NO_POST),
    Row("/api/v1/topics/funding.simulated:AAAUSDT", "200 200 200 401 200", NO_POST),
    Row("/api/v1/topics/bars.simulated:AAAUSDT@1m", "200 200 200 401 200", NO_POST),
    Row("/api/v1/topics/bars.simulated:AAAUSDT@9m", NO_TOPIC, NO_POST),
    Row("/api/v1/series/spec.{spec}?from=1&to=2", "200 200 404 401 404", NO_POST),
    Row("/api/v1/series/spec.{absent_spec}?from=1&to=2", NO_TOPIC, NO_POST),
    Row("/api/v1/series/spec.{spec}?from=2&to=1", "422 422 404 401 404", NO_POST),
    Row("/api/v1/series/bars.simulated:AAAUSDT@1m?from=1&to=2&pixels=9", "200 200 200 401 200", NO_POST),
    Row("/api/v1/series/bars.simulated:AAAUSDT@1m?from=1&to=2&pixels=0", "422 422 422 401 422", NO_POST),
    Row("/api/v1/series/feed?from=1&to=2", NO_TOPIC, NO_POST),
    Row("/api/v1/ticks/simulated:AAAUSDT?last=5", "200 200 200 401 200", NO_POST),
    Row("/api/v1/ticks/simulated:AAAUSDT?from=1&to=2", "200 200 200 401 200", NO_POST),
    Row("/api/v1/ticks/simulated:AAAUSDT", "422 422 422 401 422", NO_POST),
    Row("/api/v1/ticks/simulated:ABSENT?last=5", NO_TOPIC, NO_POST),
    Row("/api/v1/topics/watch.{spec}", "200 200 404 401 404", NO_POST),
    Row("/api/v1/topics/watch.{absent_spec}", NO_TOPIC, NO_POST),
    *(
        Row(f"/api/v1/topics/{kind}.{key}", NO_TOPIC, NO_POST)
        for kind in ("spec", "watch", "user", "price", "funding", "bars", "feed", "nothing")
        for key in ("0", "-1", "9223372036854775808", "text", "%00")
    ),
]

SIGN_IN = [
    Row("/accounts/login/", DOOR, DOOR, {"login": "alice", "password": "wrong"}),
    Row("/accounts/signup/", DOOR, DOOR),
    Row("/accounts/logout/", "200 200 200 302 200", "302 302 302 302 302"),
    Row("/accounts/inactive/", FOR_ALL, NO_POST),
    Row("/accounts/reauthenticate/", OWN, OWN),
    Row("/accounts/email/", OWN, "302 302 302 login 302"),
    Row(
        "/accounts/email/?address=of-another",
        OWN,
        "302 302 302 login 302",
        {"action_remove": "", "email": "bob@example.org"},
    ),
    Row("/accounts/confirm-email/", FOR_ALL, NO_POST),
    Row("/accounts/confirm-email/no-such-key/", FOR_ALL, NONE),
    Row("/accounts/login/code/confirm/", "302 302 302 login 302", "302 302 302 login 302"),
    Row("/accounts/password/change/", OWN, OWN),
    # For accounts without a password only
    Row("/accounts/password/set/", "302 302 302 login 302", "302 302 302 login 302"),
    Row("/accounts/password/reset/", FOR_ALL, FOR_ALL),
    Row("/accounts/password/reset/done/", FOR_ALL, NO_POST),
    Row("/accounts/password/reset/key/1-no-such-key/", FOR_ALL, FOR_ALL),
    Row("/accounts/password/reset/key/done/", FOR_ALL, NO_POST),
]

#: what asks for the password again sends there, whoever is logged in
AGAIN = "302 302 302 login 302"
NOT_GET = "405 405 405 login 405"
#: to see it, the login must be waiting for its second step
STEP = "302 302 302 login 302"
ACCOUNT = [
    Row("/session/", FOR_ALL, NO_POST),
    Row("/invitation/no-such-secret/", NONE, NONE),
    Row("/settings/logins/", OWN, NOT_GET),
    Row("/settings/logins/others/end/", NOT_GET, AGAIN),
    Row("/settings/logins/{absent}/end/", NOT_GET, GONE),
    Row("/settings/logins/9223372036854775808/end/", NOT_GET, GONE),
    Row("/settings/places/", NOT_GET, AGAIN, {"address": "there@example.org"}),
    Row("/settings/places/{alices_place}/remove/", NOT_GET, "302 404 404 login 404"),
    Row("/settings/places/{absent}/remove/", NOT_GET, GONE),
    Row("/settings/places/confirm/{alices_link}/", "200 404 404 login 404", "302 404 404 login 404"),
    Row("/settings/places/confirm/forged/", GONE, GONE),
    Row("/settings/download/", NOT_GET, AGAIN),
    Row("/settings/remove/", AGAIN, AGAIN),
    Row("/settings/keep/", NOT_GET, AGAIN),
    Row("/accounts/2fa/", OWN, NOT_GET),
    Row("/accounts/2fa/authenticate/", STEP, STEP),
    # None of the cast has a second factor
    Row("/accounts/2fa/reauthenticate/", AGAIN, AGAIN),
    Row("/accounts/2fa/totp/activate/", AGAIN, AGAIN),
    Row("/accounts/2fa/totp/deactivate/", GONE, GONE),
    Row("/accounts/2fa/recovery-codes/", GONE, NOT_GET),
    Row("/accounts/2fa/recovery-codes/generate/", AGAIN, AGAIN),
    Row("/accounts/2fa/recovery-codes/download/", GONE, GONE),
    Row("/accounts/2fa/webauthn/", OWN, NOT_GET),
    Row("/accounts/2fa/webauthn/add/", AGAIN, AGAIN),
    Row("/accounts/2fa/webauthn/reauthenticate/", AGAIN, AGAIN),
    Row("/accounts/2fa/webauthn/login/", AGAIN, AGAIN),
    Row("/accounts/2fa/webauthn/keys/{absent}/remove/", AGAIN, AGAIN),
    Row("/accounts/2fa/webauthn/keys/{absent}/edit/", AGAIN, AGAIN),
]

NEW_TOKEN = {"name": "mine", "scopes": "read", "days": "90"}
OF_TOKENS = [
    Row("/settings/tokens/", OWN, OWN, NEW_TOKEN),
    Row("/settings/tokens/?bad", OWN, "422 422 422 login 422", {"name": "", "days": "3"}),
    Row("/settings/tokens/{alices_token}/revoke/", "200 404 404 login 404", "302 404 404 login 404"),
    *(Row(f"/settings/tokens/{other}/revoke/", GONE, GONE) for other in ("{absent}", "0", "9223372036854775808")),
]

LOGGED_IN = "200 200 200 401 200"
BARS, TICKS = "/api/v1/instruments/simulated:AAAUSDT/bars", "/api/v1/instruments/simulated:AAAUSDT/ticks"
API = [
    Row("/api/v1/docs", FOR_ALL, NO_POST),
    Row("/api/v1/me", LOGGED_IN, NO_POST),
    Row("/api/v1/instruments", LOGGED_IN, NO_POST),
    Row("/api/v1/instruments?q=aaa&fields=name&limit=1", LOGGED_IN, NO_POST),
    Row("/api/v1/instruments/simulated:AAAUSDT", LOGGED_IN, NO_POST),
    *(Row(f"/api/v1/instruments/{other}", NO_TOPIC, NO_POST) for other in ("simulated:ABSENT", "AAAUSDT", "%00", "١")),
    *(Row(f"{rows}?format={kind}", LOGGED_IN, NO_POST) for rows in (BARS, TICKS) for kind in ("json", "csv", "arrow")),
    Row("/api/v1/instruments/simulated:ABSENT/bars", NO_TOPIC, NO_POST),
    Row("/api/v1/instruments/simulated:ABSENT/ticks", NO_TOPIC, NO_POST),
    Row(f"{BARS}?tf=9m", "422 422 422 401 422", NO_POST),
    # A form is no JSON
    Row("/api/v1/pairs", LOGGED_IN, "400 400 400 401 400"),
    Row("/api/v1/pairs/{alices}", "200 404 404 401 404", NO_POST),
    Row("/api/v1/pairs/{bobs}", "404 200 404 401 404", NO_POST),
    *(Row(f"/api/v1/pairs/{other}", NO_TOPIC, NO_POST) for other in ("{absent}", "0", "9223372036854775808")),
    *(Row(f"/api/v1/pairs/{other}", NONE, NONE) for other in ("-1", "text", "%00")),
    Row("/api/v1/pairs/{alices}/snapshots", "200 404 404 401 404", NO_POST),
    Row("/api/v1/pairs/{alices}/snapshots?format=csv", "200 404 404 401 404", NO_POST),
    Row("/api/v1/pairs/{absent}/snapshots", NO_TOPIC, NO_POST),
    Row("/api/v1/series/spec.{spec}?from=1&to=2&format=csv", "200 200 404 401 404", NO_POST),
    Row("/api/v1/series/spec.{spec}?from=1&to=2&format=csv&pixels=5", "422 422 404 401 404", NO_POST),
]

TABLE = [*PAGES, *PAIRS, *SHARING, *STAFF, *TOPICS, *SIGN_IN, *OF_TOKENS, *API, *ACCOUNT]


class Call(NamedTuple):
    """What each of TOKENS (tests/shell/access_cast.py) gets from one operation of the API."""

    method: str
    address: str
    cells: str
    data: dict[str, str] = {}


#: the expired, the revoked and the unknown token
SHUT = "401 401 401"
READ = f"200 403 403 200 {SHUT}"
READ_OWN = f"200 403 403 404 {SHUT}"
FILE = f"403 403 200 200 {SHUT}"
FILE_OWN = f"403 403 200 404 {SHUT}"
CALLS = [
    Call("GET", "/api/v1/metrics", "200 200 200 200 200 200 200"),
    Call("GET", "/api/v1/me", READ),
    Call("GET", "/api/v1/search", READ),
    Call("GET", "/api/v1/topics/feed", READ),
    Call("GET", "/api/v1/topics/spec.{spec}", READ_OWN),
    Call("GET", "/api/v1/topics/user.{alice}", READ_OWN),
    Call("GET", "/api/v1/series/spec.{spec}?from=1&to=2", READ_OWN),
    Call("GET", "/api/v1/series/spec.{spec}?from=1&to=2&format=csv", FILE_OWN),
    Call("GET", "/api/v1/series/bars.simulated:AAAUSDT@1m?from=1&to=2&format=arrow", FILE),
    Call("GET", "/api/v1/ticks/simulated:AAAUSDT?last=5", READ),
    Call("GET", "/api/v1/instruments", READ),
    Call("GET", "/api/v1/instruments/simulated:AAAUSDT", READ),
    Call("GET", BARS, READ),
    Call("GET", f"{BARS}?format=csv", FILE),
    Call("GET", TICKS, READ),
    Call("GET", f"{TICKS}?format=arrow", FILE),
    Call("GET", "/api/v1/pairs", READ),
    Call("GET", "/api/v1/pairs/{alices}", READ_OWN),
    Call("GET", "/api/v1/pairs/{bobs}", f"404 403 403 404 {SHUT}"),
    Call("GET", "/api/v1/pairs/{alices}/snapshots", READ_OWN),
    Call("GET", "/api/v1/pairs/{alices}/snapshots?format=csv", FILE_OWN),
    Call("POST", "/api/v1/pairs", f"403 201 403 201 {SHUT}", {"y": "BBBUSDT", "x": "AAAUSDT"}),
    Call("PATCH", "/api/v1/pairs/{alices}", f"403 200 403 404 {SHUT}", {"note": "by a script"}),
    Call("PATCH", "/api/v1/pairs/{bobs}", f"403 404 403 404 {SHUT}", {"note": "by a script"}),
    Call("DELETE", "/api/v1/pairs/{alices}", f"403 204 403 404 {SHUT}"),
    Call("DELETE", "/api/v1/pairs/{bobs}", f"403 404 403 404 {SHUT}"),
]
#: the same by session: alice, bob, mallory, nobody, staff
CHANGES = [
    Call("POST", "/api/v1/pairs", "201 201 201 401 201", {"y": "BBBUSDT", "x": "AAAUSDT"}),
    Call("PATCH", "/api/v1/pairs/{alices}", "200 403 404 401 404", {"note": "mine"}),
    Call("PATCH", "/api/v1/pairs/{bobs}", "404 200 404 401 404", {"name": "his"}),
    Call("DELETE", "/api/v1/pairs/{alices}", "204 403 404 401 404"),
    Call("DELETE", "/api/v1/pairs/{bobs}", "404 204 404 401 404"),
]

#: addresses that never ask a reader who it is
PUBLIC = {
    "/preferences/",
    "/preferences/?zone",
    "/healthz",
    "/readyz",
    "/api/v1/openapi.json",
    "/api/v1/",
    "/api/v1/metrics",
}

#: pairs of addresses of which one names another user's object and the other none at all, for mallory
SAME_ANSWER = [
    ("/dashboard/?pair={alices}", "/dashboard/?pair={absent}"),
    ("/pairs/{alices}/settings/", "/pairs/{absent}/settings/"),
    ("/pairs/{alices}/remove/", "/pairs/{absent}/remove/"),
    ("/pairs/{alices}/share/", "/pairs/{absent}/share/"),
    ("/pairs/{alices}/links/", "/pairs/{absent}/links/"),
    ("/views/{alices_view}/share/", "/views/{absent}/share/"),
    ("/shared/{share}/", "/shared/{absent}/"),
    ("/shared/{share}/end/", "/shared/{absent}/end/"),
    ("/shared/links/{link}/end/", "/shared/links/{absent}/end/"),
    ("/api/v1/topics/spec.{spec}", "/api/v1/topics/spec.{absent_spec}"),
    ("/api/v1/topics/user.{alice}", "/api/v1/topics/user.{absent}"),
    ("/api/v1/pairs/{alices}", "/api/v1/pairs/{absent}"),
    ("/api/v1/pairs/{alices}/snapshots", "/api/v1/pairs/{absent}/snapshots"),
    ("/settings/tokens/{alices_token}/revoke/", "/settings/tokens/{absent}/revoke/"),
    ("/settings/places/{alices_place}/remove/", "/settings/places/{absent}/remove/"),
    ("/settings/places/confirm/{alices_link}/", "/settings/places/confirm/forged/"),
]

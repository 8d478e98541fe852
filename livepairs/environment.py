"""The one list of livepairs' own settings; a misspelt one stops the start with a sentence."""

import difflib
import os

from django.core.exceptions import ImproperlyConfigured

KNOWN = {
    "LIVEPAIRS_HOME": "folder of data, logs and spool (default: var/ in the checkout)",
    "LIVEPAIRS_BIND": "address the web server listens on",
    "LIVEPAIRS_FEED": "auto | binance | simulated | none",
    "LIVEPAIRS_SYMBOLS": "symbols that fill an empty symbol table, separated by commas",
    "LIVEPAIRS_BINANCE_WS_URL": "market stream of the exchange",
    "LIVEPAIRS_BINANCE_REST_URL": "REST address of the exchange",
    "LIVEPAIRS_SIMULATOR_HOST": "host of the simulated market",
    "LIVEPAIRS_SIMULATOR_PORT": "port of the simulated market (default: PORT + 1)",
    "LIVEPAIRS_SIMULATOR_RATE": "trades a second of the simulated market",
    "LIVEPAIRS_REST_DEPTH_HOURS": "how far back the exchange's REST serves trades",
    "LIVEPAIRS_REST_WEIGHT_PER_MINUTE": "REST weight that back-filling may use in a minute",
    "LIVEPAIRS_WARMUP_MINUTES": "history fetched when a symbol is added",
    "LIVEPAIRS_RETENTION_DAYS": "days of ticks that are kept",
    "LIVEPAIRS_SPOOL_MEGABYTES": "size of the spool that holds ticks while Postgres is away",
    "LIVEPAIRS_BAR_SHARDS": "number of bar workers",
    "LIVEPAIRS_LIVE_SHARDS": "number of pair workers",
    "LIVEPAIRS_PAIR_QUOTA": "pairs a user may hold",
    "LIVEPAIRS_SYMBOL_QUOTA": "symbols that are recorded for one user",
    "LIVEPAIRS_SOCKET_QUOTA": "live connections of one user, for each web process",
    "LIVEPAIRS_LINK_QUOTA": "open public links of one user",
    "LIVEPAIRS_SHARE_QUOTA": "shares of one user with others",
    "LIVEPAIRS_UPLOAD_QUOTA_MEGABYTES": "megabytes of uploads of one user",
    "LIVEPAIRS_JOB_QUOTA": "jobs of one user that run at once",
    "LIVEPAIRS_RULE_QUOTA": "alert rules of one user",
    "LIVEPAIRS_TOKEN_QUOTA": "valid API tokens of one user",
    "LIVEPAIRS_API_RATE": "API requests a minute, for each token and for each user",
    "LIVEPAIRS_EMAIL_VERIFICATION": "none | optional | mandatory",
    "LIVEPAIRS_SIGNUP": "open | invitation | closed",
    "LIVEPAIRS_CONTACT": "e-mail address to ask for an invitation",
    "LIVEPAIRS_TRUSTED_PROXIES": "number of proxies in front that set X-Forwarded-For",
    "LIVEPAIRS_MAINTENANCE": "a sentence, or the expected end as ISO 8601: all pages are closed",
    "LIVEPAIRS_HTTPS": "true behind a TLS proxy: secure cookies and HSTS",
    "LIVEPAIRS_LOG_LEVEL": "DEBUG | INFO | WARNING | ERROR",
}


def refuse_unknown_settings() -> None:
    """Raise ImproperlyConfigured for a LIVEPAIRS_* variable that nothing reads."""
    for name in sorted(os.environ):
        if name.startswith("LIVEPAIRS_") and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ImproperlyConfigured(f"Unknown setting {name}.{hint} README.md lists all settings.")

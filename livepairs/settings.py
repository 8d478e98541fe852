"""Settings of livepairs, read from the environment. README.md lists every one of them."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from livepairs.environment import refuse_unknown_settings
from livepairs.places import BASE_DIR, places
from livepairs.version import version

env = Env()
refuse_unknown_settings()

PLACES = places()
HOME: Path = PLACES.home


def _secret_key() -> str:
    """The key of this installation, made at the first start and readable by its owner only."""
    file = PLACES.secret_key_file
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(file, "x", opener=_owner_only) as stream:
                stream.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return file.read_text()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(allowed)}.")


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or _secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
PORT = env.int("PORT", 8000)
BIND = env.str("LIVEPAIRS_BIND", "127.0.0.1")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "csp",
    "accounts",
    "market",
    "analytics",
    "livepairs",
]

MIDDLEWARE = [
    "livepairs.middleware.Marks",
    "livepairs.middleware.ApiAnswers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "livepairs.middleware.Closed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.PrivateAnswers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "livepairs.urls"
ASGI_APPLICATION = "livepairs.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "accounts.context.announcements",
                "market.context.feed",
                "analytics.context.notices",
                "livepairs.context.version",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "") or PLACES.database_url
REDIS_URL = env.str("REDIS_URL", "") or PLACES.redis_url
EMBEDDED_POSTGRES = not env.str("DATABASE_URL", "")
EMBEDDED_REDIS = not env.str("REDIS_URL", "")

DATABASES = {
    "default": {
        **dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
        # A server that vanished without a word is noticed in seconds; unix sockets ignore all but the first
        "OPTIONS": {
            "connect_timeout": 5,
            "keepalives_idle": 3,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- celery: no result backend, no task that waits (docs/decisions.md) -----------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60, "socket_timeout": 15, "socket_connect_timeout": 5}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"

BAR_SHARDS = env.int("LIVEPAIRS_BAR_SHARDS", 1)
LIVE_SHARDS = env.int("LIVEPAIRS_LIVE_SHARDS", 1)

# --- accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# The first decides about passwords; the second keeps permissions and sessions that were opened without one
AUTHENTICATION_BACKENDS = ["accounts.backends.LoginBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("LIVEPAIRS_EMAIL_VERIFICATION", "none")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm", "reset_password": "accounts.forms.ResetPasswordForm"}
# One address; a new one takes its place when it is confirmed
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
SIGNUPS = ("open", "invitation", "closed")
SIGNUP = env.str("LIVEPAIRS_SIGNUP", "open")
_one_of("LIVEPAIRS_SIGNUP", SIGNUP, SIGNUPS)
# Whom to ask for an invitation
CONTACT = env.str("LIVEPAIRS_CONTACT", "")
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "livepairs"
# Where addresses are not verified at all, that of an account is not either
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/h/ip,10/15m/key",
    "change_password": "10/15m/user",
    "reauthenticate": "10/15m/user",
    "reset_password": "20/m/ip,3/h/key",
    "add_place": "10/h/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("LIVEPAIRS_TRUSTED_PROXIES", 0)
# Holds the counts of these limits only (docs/decisions.md); a full table would forget a third of them
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_throttle",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_SESSION_REMEMBER = True
_email = env.dj_email_url("EMAIL_URL", "console:")
if _email.get("EMAIL_FILE_PATH"):
    # dj-email-url reads file:///folder as a folder beside the process
    _email["EMAIL_FILE_PATH"] = f"/{_email['EMAIL_FILE_PATH']}"
vars().update(_email)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "livepairs@localhost")
# Defaults of accounts/quotas.py
PAIR_QUOTA = env.int("LIVEPAIRS_PAIR_QUOTA", 20)
SYMBOL_QUOTA = env.int("LIVEPAIRS_SYMBOL_QUOTA", 60)
SOCKET_QUOTA = env.int("LIVEPAIRS_SOCKET_QUOTA", 20)
LINK_QUOTA = env.int("LIVEPAIRS_LINK_QUOTA", 20)
SHARE_QUOTA = env.int("LIVEPAIRS_SHARE_QUOTA", 200)
UPLOAD_QUOTA = env.int("LIVEPAIRS_UPLOAD_QUOTA_MEGABYTES", 2_000) * 1_000_000
JOB_QUOTA = env.int("LIVEPAIRS_JOB_QUOTA", 4)
RULE_QUOTA = env.int("LIVEPAIRS_RULE_QUOTA", 100)
TOKEN_QUOTA = env.int("LIVEPAIRS_TOKEN_QUOTA", 20)
# Requests a minute of one token, or of all browsers of one user
API_RATE = env.int("LIVEPAIRS_API_RATE", 600)

# --- pages --------------------------------------------------------------------------------------
# What pages and live frames name, so that an open page hears of a newer one
VERSION = version()
# A sentence, or the expected end as ISO 8601: all pages say so instead of what they say else
MAINTENANCE = env.str("LIVEPAIRS_MAINTENANCE", "")
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "staticfiles"
# Only what livepairs.frontend built is served, not its sources
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build")]
# Chunks of esbuild carry their hash in its own form
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|-[0-9A-Z]{8})\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("LIVEPAIRS_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# The proxy says what the browser used; without one nobody may claim it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Preloading binds a whole domain for years: its owner's decision, not ours
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- the feed -----------------------------------------------------------------------------------
FEEDS = ("auto", "binance", "simulated", "none")
FEED = env.str("LIVEPAIRS_FEED", "auto")
_one_of("LIVEPAIRS_FEED", FEED, FEEDS)
SYMBOLS: list[str] = env.list("LIVEPAIRS_SYMBOLS", [])
BINANCE_WS_URL = env.str("LIVEPAIRS_BINANCE_WS_URL", "wss://fstream.binance.com/market/stream")
BINANCE_REST_URL = env.str("LIVEPAIRS_BINANCE_REST_URL", "https://fapi.binance.com")
# Where the simulated market of `make demo` listens
SIMULATOR_HOST = env.str("LIVEPAIRS_SIMULATOR_HOST", "127.0.0.1")
SIMULATOR_PORT = env.int("LIVEPAIRS_SIMULATOR_PORT", 0) or PORT + 1
SIMULATOR_RATE = env.int("LIVEPAIRS_SIMULATOR_RATE", 60)
REST_DEPTH = timedelta(hours=env.int("LIVEPAIRS_REST_DEPTH_HOURS", 24))
REST_WEIGHT_PER_MINUTE = env.int("LIVEPAIRS_REST_WEIGHT_PER_MINUTE", 1_440)
WARMUP = timedelta(minutes=env.int("LIVEPAIRS_WARMUP_MINUTES", 60))
RETENTION = timedelta(days=env.int("LIVEPAIRS_RETENTION_DAYS", 30))
SPOOL_BYTES = env.int("LIVEPAIRS_SPOOL_MEGABYTES", 2_048) * 1_000_000

LOG_LEVEL = env.str("LIVEPAIRS_LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "django.utils.log.ServerFormatter",
            "format": "{asctime} {levelname} {name} {request_id}{message}",
            "style": "{",
        }
    },
    "filters": {"request_id": {"()": "livepairs.request_ids.WithRequestId"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A line for each task or request would bury what matters
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("daphne", "django.channels.server", "celery.app.trace", "celery.worker.strategy", "httpx")
    },
}

"""Settings of Netralitas: everything comes from the environment, with safe defaults.

State (database, files, keys) lives in ``DATA_DIR``. A secret may also come from a file: ``NAME_FILE=/run/secrets/name``.
"""

import base64
import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR: {DATA_DIR} tidak dapat dibuat ({error.strerror}).") from None
if not os.access(DATA_DIR, os.W_OK | os.X_OK):
    raise ImproperlyConfigured(f"DATA_DIR: {DATA_DIR} tidak dapat ditulis oleh pengguna ini.")


def whole_number(name: str, default: int) -> int:
    try:
        return env.int(name, default=default)
    except ValueError:
        raise ImproperlyConfigured(f"{name}: tulis sebuah bilangan bulat.") from None


def secret(name: str, make) -> str:
    """Return the secret from the environment, else from DATA_DIR/<name>, made once with mode 0600."""
    value = env.str(name.upper(), default="")
    if value:
        return value
    path = DATA_DIR / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        value = path.read_text().strip()
        if not value:
            raise ImproperlyConfigured(f"{path} is empty; remove it or write the secret into it.") from None
        return value
    with os.fdopen(handle, "w") as file:
        value = make()
        file.write(value)
    return value


def secret_if_any(name: str) -> str:
    """The secret from the environment or from DATA_DIR/<name>; empty when there is none."""
    path = DATA_DIR / name
    return env.str(name.upper(), default="") or (path.read_text().strip() if path.is_file() else "")


SECRET_KEY = secret("secret_key", lambda: secrets.token_urlsafe(50))
# Key ring of the encrypted fields: "kid:base64url,older:base64url"; the first one writes.
FIELD_KEYS = secret("field_keys", lambda: "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
# Opens the private keys below DATA_DIR/pki; never stored in the database.
SEAL_PASSPHRASE = secret("seal_passphrase", lambda: secrets.token_urlsafe(32))
# Timestamp authorities (RFC 3161), asked in this order; then the installation's own clock, unless it is switched off.
SEAL_TSA_URLS = env.list("SEAL_TSA_URLS", default=[])
SEAL_TSA_LOCAL = env.bool("SEAL_TSA_LOCAL", default=True)
# Seals in a hardware module (PKCS#11). {kantor} is the number of the office: an office reaches its own key only.
SEAL_PKCS11_LIBRARY = env.str("SEAL_PKCS11_LIBRARY", default="")
SEAL_PKCS11_TOKEN = env.str("SEAL_PKCS11_TOKEN", default="")
SEAL_PKCS11_KEY = env.str("SEAL_PKCS11_KEY", default="segel-{kantor}")
SEAL_PKCS11_PIN = secret_if_any("seal_pkcs11_pin")
# The BSrE gateway ("esign client service") inside the agency.
SEAL_BSRE_URL = env.str("SEAL_BSRE_URL", default="").rstrip("/")
SEAL_BSRE_VERSION = env.str("SEAL_BSRE_VERSION", default="v1")
SEAL_BSRE_USER = env.str("SEAL_BSRE_USER", default="")
SEAL_BSRE_PASSWORD = secret_if_any("seal_bsre_password")

HTTPS = env.bool("HTTPS", default=not DEBUG)
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", 0)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Absolute address printed into papers (QR codes); no slash at the end.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
# Tablets report "version+build"; without a name of its own a build is named after its files.
APP_VERSION = "1.0.0"
APP_BUILD = env.str("APP_BUILD", default="")

INSTALLED_APPS = [
    "declarations.apps.DeclarationsConfig",
    "events.apps.EventsConfig",
    "documents.apps.DocumentsConfig",
    "accounts.apps.AccountsConfig",
    "regions.apps.RegionsConfig",
    "netralitas.apps.NetralitasConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "netralitas.apps.StaticConfig",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]
MIDDLEWARE = [
    "netralitas.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "netralitas.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.OneTimePasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "netralitas.middleware.OfficeTimeZoneMiddleware",
    "netralitas.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "netralitas.urls"
WSGI_APPLICATION = "netralitas.wsgi.application"
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
                "netralitas.context.house",
            ],
        },
    }
]

# --- database (STACK: WAL + IMMEDIATE + FULL on SQLite, persistent connections on both) ---
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'netralitas.sqlite3'}")}
if DATABASES["default"].get("ENGINE") not in (
    "django.db.backends.sqlite3",
    "django.db.backends.postgresql",
):
    raise ImproperlyConfigured("DATABASE_URL: tulis postgres://pengguna:sandi@host/nama, atau kosongkan.")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # Limits must be shared between processes, so never LocMemCache.
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "netralitas_cache"}
    )
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # offices make their users
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"  # secrets encrypted; allauth keeps them in clear
MFA_TOTP_ISSUER = "Netralitas"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = False
NINJA_NUM_PROXIES = TRUSTED_PROXIES or None
# Attempts to pair a tablet per minute and address; six times as many from everywhere together.
KIOSK_PAIR_LIMIT = whole_number("KIOSK_PAIR_LIMIT", 10)

# --- language and time ---
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
FORMAT_MODULE_PATH = ["netralitas.formats"]

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = Path(env.str("NODE_MODULES", default=str(BASE_DIR / "node_modules")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        [("bootstrap", NODE_MODULES / "bootstrap" / "dist")]
        if (NODE_MODULES / "bootstrap" / "dist").is_dir()
        else []
    ),
]
MEDIA_ROOT = DATA_DIR / "files"  # private: never served by path, only by views that check and stream
MEDIA_URL = ""
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "netralitas.storage.ModuleManifestStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bodies; uploads of files have limits of their own
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
REGION_DATA_DIR = NODE_MODULES / "idn-area-data" / "data"
FONT_DIR = NODE_MODULES / "@fontsource"
ICON_DIR = NODE_MODULES / "bootstrap-icons" / "icons"

# --- security: on by default; HTTPS=0 only for localhost ---
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# A go.id domain may be shared with other services, so subdomains and preload are the operator's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sesi" if HTTPS else "sesi"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "netralitas.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # data: for the small images inside Bootstrap's CSS
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY = {
    name: []
    for name in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# --- mail, logs, look ---
vars().update(env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="netralitas@localhost")
# Without both, pages say that no mail goes out; invitations by WhatsApp need neither.
MAIL_READY = bool(env.str("EMAIL_URL", default="")) and not DEFAULT_FROM_EMAIL.endswith("@localhost")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private": {"()": "netralitas.log.PrivacyFilter"}},
    "formatters": {"json": {"()": "netralitas.log.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["private"], "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "ERROR"},
        # Not "weasyprint" itself: documents/typesetter.py turns each of its warnings into a failure.
        "weasyprint.progress": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "_table.html"  # in our words, with arrows and aria-sort
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

"""Superset's settings for these tests: one process, SQLite, nothing cached, all on this machine.

Superset reads this file itself (`SUPERSET_CONFIG_PATH`); the tests do not import it.
"""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_METADATA']}?check_same_thread=false"

# Every chart asks the gateway each time that it is opened: that is what is measured.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
# What the explorer and a dashboard's filters keep between two of their own requests.
_KEPT = {
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": os.environ["SUPERSET_CACHES"],
    "CACHE_DEFAULT_TIMEOUT": 3600,
}
EXPLORE_FORM_DATA_CACHE_CONFIG = _KEPT
FILTER_STATE_CACHE_CONFIG = _KEPT

TALISMAN_ENABLED = False  # it would ask for HTTPS
RATELIMIT_ENABLED = False
AUTH_RATE_LIMITED = False
SUPERSET_WEBSERVER_TIMEOUT = 120
SCARF_ANALYTICS = False

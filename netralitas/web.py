"""How gunicorn serves the app: ``gunicorn -c python:netralitas.web netralitas.wsgi``. One place for serve, systemd and Docker.

WEB_CONCURRENCY sets the number of processes.
"""

import os

# One more than processors: kept connections fall on processes by chance, and a processor would idle beside a full one.
MOST_PROCESSES = 9  # about 100 MB each
workers = int(os.environ.get("WEB_CONCURRENCY") or min((os.cpu_count() or 1) + 1, MOST_PROCESSES))
worker_class = "gthread"
threads = 4
keepalive = 30  # seconds a tablet or the proxy may keep an idle connection
graceful_timeout = 20  # seconds
max_requests = 5_000
max_requests_jitter = 500
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - its heartbeat file is no secret

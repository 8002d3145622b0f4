# Two commands for a newcomer: `make run` and `make test`. State lives in var/ (DATA_DIR), Python in .venv/.
PYTHON ?= python3
HOST   ?= 127.0.0.1
PORT   ?= 8000
V      := .venv
PY     := $V/bin/python
PYTEST := $V/bin/pytest -q
export DATA_DIR ?= $(CURDIR)/var

.PHONY: run test test-sqlite test-postgres test-js test-browser storm check bench clean setup-run setup-test

run: setup-run
	@HTTPS=$${HTTPS:-0} PUBLIC_URL=$${PUBLIC_URL:-http://$(HOST):$(PORT)} \
	  exec $(PY) manage.py serve --prepare --host $(HOST) --port $(PORT)

test: test-sqlite test-postgres test-js test-browser
	@echo "Semua uji lulus."

test-sqlite: setup-test
	$(PYTEST) -n auto

test-postgres: setup-test
	$(PY) tests/postgres.py $(PYTEST) -n auto

test-js: setup-test
	node --test tests/js/*.test.js

# Playwright runs its own loop in the thread of the test, hence the switch for Django's ORM.
test-browser: setup-test
	DJANGO_ALLOW_ASYNC_UNSAFE=true $(PYTEST) -n auto --dist loadfile -c tests/e2e/pytest.ini tests/e2e
	DJANGO_ALLOW_ASYNC_UNSAFE=true $(PY) tests/postgres.py $(PYTEST) -c tests/e2e/pytest.ini tests/e2e/test_kiosk_storm.py

# 500 signatures, three tablets, six of ten answers spoilt: three times in a row on each database.
storm: setup-test
	STORM_RECORDS=500 STORM_RUNS=3 DJANGO_ALLOW_ASYNC_UNSAFE=true \
	  $(PYTEST) -c tests/e2e/pytest.ini tests/e2e/test_kiosk_storm.py
	STORM_RECORDS=500 STORM_RUNS=3 DJANGO_ALLOW_ASYNC_UNSAFE=true \
	  $(PY) tests/postgres.py $(PYTEST) -c tests/e2e/pytest.ini tests/e2e/test_kiosk_storm.py

check: setup-test
	$V/bin/ruff check .
	$V/bin/ruff format --check .
	$V/bin/djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	DATA_DIR=$$(mktemp -d) ALLOWED_HOSTS=netralitas.example PUBLIC_URL=https://netralitas.example HTTPS=1 \
	  $(PY) manage.py check --deploy --fail-level WARNING
	$V/bin/mypy

# Seconds are this machine's: run it while nothing else does. Each script prints its gates.
bench: setup-test benchmarks/node_modules/.ok
	@$(PY) -c "import reportlab" 2>/dev/null || $V/bin/pip install -q --disable-pip-version-check reportlab==5.1.0
	$(PY) benchmarks/pdf.py
	$(PY) benchmarks/verify.py
	$(PY) benchmarks/closing.py
	$(PY) benchmarks/sync.py
	POSTGRES_DURABLE=1 $(PY) tests/postgres.py $(PY) benchmarks/sync.py
	$(PY) benchmarks/imports.py
	$(PY) benchmarks/kiosk.py
	$(PY) benchmarks/lighthouse.py

clean:
	rm -rf $V node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Data di $(DATA_DIR) tidak dihapus."

setup-run: node_modules/.kios/.ok
	@test -f $V/.ok-dev || $(MAKE) -s $V/.ok

setup-test: $V/.ok-dev node_modules/.kios/.ok
	@PYTHON=$(PYTHON) deploy/packages.sh test

# `sync` removes what a lock lacks, so the smaller lock is used only until the larger one is there.
$V/.ok: requirements.lock
	@PYTHON=$(PYTHON) deploy/packages.sh run
	@$(call install,requirements.lock)
	@touch $@

$V/.ok-dev: requirements-dev.lock
	@PYTHON=$(PYTHON) deploy/packages.sh test
	@$(call install,requirements-dev.lock)
	@touch $@

node_modules/.ok: package-lock.json
	@PYTHON=$(PYTHON) deploy/packages.sh run
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

node_modules/.kios/.ok: node_modules/.ok deploy/kios.js $(wildcard static/js/kiosk/*.js)
	node deploy/kios.js
	@touch $@

benchmarks/node_modules/.ok: benchmarks/package-lock.json
	npm ci --prefix benchmarks --ignore-scripts --no-audit --no-fund
	@touch $@

# uv is ten times as fast as pip; where it cannot be had, pip does the same.
define install
echo "Memasang paket Python dari $1 …" && \
test -x $(PY) || $(PYTHON) -m venv $V; \
{ $V/bin/pip install -q --disable-pip-version-check uv==0.13.9 2>/dev/null && \
  $V/bin/uv pip sync -q --python $(PY) --require-hashes --compile-bytecode $1; } || \
$V/bin/pip install -q --disable-pip-version-check --require-hashes -r $1
endef

# The commands of sigforum. `make run` and `make test` need Python 3.11 or newer, make, and the package
# registries; everything else they fetch themselves, into .venv and static/vendor.

PYTHON ?= python3
PORT ?= 5000
VENV := .venv
# Every process that is started compiles all modules again where none may be kept, which is a quarter of its start.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check install --quiet --quiet
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

.PHONY: help setup run test thorough lint audit bench lock clean

help:
	@echo "make run [PORT=5000]  start everything with a sample meeting"
	@echo "make test             run every check and test"
	@echo "make thorough         try every change to a bundle, of which make test tries a part"
	@echo "make lint             run the linters and type checks alone"
	@echo "make audit            ask for known vulnerabilities of what is locked"
	@echo "make bench            measure what the documentation promises"
	@echo "make setup            only prepare .venv and the front-end assets"
	@echo "make lock             renew the locked versions"

setup: $(VENV)/ready

run: setup
	@$(VENV)/bin/sigforum demo --port $(PORT)

# Two at a time, a file each: much of the time a test waits for a browser, a socket or a disk.
test: $(VENV)/ready-to-test lint audit
	$(VENV)/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

thorough: $(VENV)/ready-to-test
	SIGFORUM_THOROUGH=1 $(VENV)/bin/python -m pytest tests/verification --timeout 1800

lint: $(VENV)/ready-to-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

# Without a network its last line says NOT CHECKED, and work goes on; AUDIT_MUST_ANSWER=1 makes that a failure.
audit: $(VENV)/ready-to-test
	@$(VENV)/bin/python deploy/audit_dependencies.py

bench: $(VENV)/ready-to-test
	$(VENV)/bin/python -m bench.pages
	$(VENV)/bin/python -m bench.votes
	$(VENV)/bin/python -m bench.live
	$(VENV)/bin/python -m bench.groups
	$(VENV)/bin/python -m bench.numbers
	$(VENV)/bin/python -m bench.exports
	$(VENV)/bin/python -m bench.invite
	$(VENV)/bin/python -m bench.search

lock: $(VENV)/ready-to-test
	$(VENV)/bin/$(LOCK) --extra build -o requirements.txt
	$(VENV)/bin/$(LOCK) --extra build --extra dev -o requirements-dev.txt
	$(VENV)/bin/$(LOCK) --extra node --only-extra node -o requirements-node.txt 2>/dev/null || true

clean:
	rm -rf $(VENV) static/vendor dist

$(VENV)/bin/python:
	$(PYTHON) deploy/make_venv.py $(VENV)

$(VENV)/ready: $(VENV)/bin/python requirements.txt pyproject.toml package.json package-lock.json deploy/build_assets.py
	$(PIP) --require-hashes --requirement requirements.txt
	command -v npm >/dev/null || $(PIP) --require-hashes --requirement requirements-node.txt
	$(PIP) --no-build-isolation --no-deps --editable .
	@$(VENV)/bin/python deploy/system_packages.py pango
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready requirements-dev.txt
	$(PIP) --require-hashes --requirement requirements-dev.txt
	@$(VENV)/bin/python deploy/system_packages.py pango browser postgresql
	@touch $@

# `make verify` and `make test` need nothing but Python 3.11+, make and, for the real servers
# the tests talk to, Debian's package tools. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(shell cat requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)
INSTALLED := $(VENV)/.installed-$(LOCKED)

.PHONY: help verify quick test test-cluster check new-check new-filter fuzz bench house serve docs lock \
	manifests changelog clean
.DEFAULT_GOAL := verify

help:  ## List what can be made.
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

verify: $(INSTALLED)  ## Hold the reference service to its contract.
	@$(BIN)/toolkit verify --trust

quick: $(INSTALLED)  ## Run the tests that need no server and last no time: within a minute of CPU.
	$(BIN)/pytest -q -m "not cluster and not server and not slow" tests

test: $(INSTALLED) $(VENV)/parts  ## Run all tests.
	$(BIN)/pytest -n 2 --dist loadfile

test-cluster: $(INSTALLED)  ## Build a real Kubernetes control plane, once, and run the tests that need it.
	$(BIN)/python -m tests.cluster.parts
	$(BIN)/pytest -m cluster tests/cluster

check: $(INSTALLED)  ## Lint, format, types, layers.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

new-check: $(INSTALLED)  ## Begin a check: ID=group/name, and LIKE=group/name to begin from another.
	$(BIN)/python -m tests.new check "$(ID)" --like "$(LIKE)"

new-filter: $(INSTALLED)  ## Begin a Logstash filter: NAME=plugin.
	$(BIN)/python -m tests.new filter "$(NAME)"

fuzz: $(INSTALLED)  ## Look much longer for counterexamples to every property.
	$(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile=fuzz

bench: $(INSTALLED)  ## Measure CPU time against what is compared with.
	$(BIN)/python -m benchmarks

house: $(INSTALLED)  ## Measure the source: lines, rooms, start of commands, words.
	$(BIN)/python -m benchmarks house

serve: $(INSTALLED)  ## Run the reference service on port 8000.
	PATH="$(abspath $(BIN)):$$PATH" gunicorn --config app/gunicorn.conf.py --bind 127.0.0.1:8000 "app:create_app()"

docs: $(INSTALLED)  ## Write the generated pages of docs/ anew.
	$(BIN)/python -m docs

manifests: $(INSTALLED)  ## Generate the ConfigMaps of k8s/ from pipelines/.
	$(BIN)/python -m k8s.generate

PIP_COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-find-links --no-emit-index-url

lock: $(INSTALLED)  ## Pin the dependencies anew, with their hashes.
	$(PIP_COMPILE) --upgrade --extra dev --extra service --extra live --extra load \
		--extra manifests --extra store --output-file requirements/dev.txt pyproject.toml
	$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['service'], sep='\n')" \
		| $(PIP_COMPILE) --no-annotate --constraint requirements/dev.txt --output-file requirements/service.txt -

$(INSTALLED): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/.installed-*
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/parts: $(INSTALLED) tests/real/install.py
	$(BIN)/python -m tests.real.install $(VENV)/parts
	@touch $@

changelog: $(INSTALLED)  ## Gather the fragments of changelog.d/ into CHANGELOG.md.
	$(BIN)/towncrier build --yes --version "$(VERSION)"

clean:  ## Remove what was made here.
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

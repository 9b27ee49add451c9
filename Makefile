# `make demo` and `make test` set up all they need. Everything installs into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-output
.DEFAULT_GOAL := help

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo-installed: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(VENV)/dev-installed: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/services-installed: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[services]'
	@touch $@

demo: $(VENV)/demo-installed ## Scan three emulated clouds over HTTP; table here, HTML, JSON and OCSF in demo-output/
	@mkdir -p $(DEMO)
	@test -e $(DEMO)/owners.yaml || $(BIN)/ourside init $(DEMO) --demo >/dev/null 2>&1
	$(BIN)/scan --demo all --allow-partial --format table,json,ocsf,html \
		--output json=$(DEMO)/findings.json,ocsf=$(DEMO)/findings.ocsf.json,html=$(DEMO)/report.html --history $(DEMO)/history.db \
		--owners $(DEMO)/owners.yaml --exceptions $(DEMO)/exceptions.yaml \
		--attestations $(DEMO)/attestations.yaml --contract $(DEMO)/contract.yaml
	@echo "Written: $(DEMO)/findings.json (native), $(DEMO)/findings.ocsf.json (OCSF 1.8.0), $(DEMO)/history.db"
	@echo "Open in a browser: $(DEMO)/report.html"
	@echo "Who owns what, by when, and why is it ours:"
	@echo "  $(BIN)/ourside matrix --history $(DEMO)/history.db --contract $(DEMO)/contract.yaml"
	@echo "  $(BIN)/ourside findings list --history $(DEMO)/history.db --severity critical"
	@echo "  $(BIN)/ourside explain ID --history $(DEMO)/history.db    # an id of that list"

# Three at once, on two cores too: many tests wait for sockets and clocks.
test: lint ## All tests but the exhaustive laws, after lint and types (minutes)
	$(BIN)/pytest -n 3 -m 'not laws and not services and not soak'

fast: lint ## Lint, types, laws of the house, checks and what judges them (under a minute)
	$(BIN)/pytest -n 2 -m 'not laws and not services and not soak' tests/laws tests/checks tests/engine \
		$(addprefix --ignore=tests/engine/,deliver history report)

lint: $(VENV)/dev-installed ## Format, lint, types, import layers
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

agree: $(VENV)/dev-installed ## The two evaluators of AWS policies against each other, SECONDS=600 long, from SEED=0 on
	$(BIN)/python -m tests.providers.aws.policy.agreement --seconds $(or $(SECONDS),600) --seed $(or $(SEED),0)

laws: $(VENV)/dev-installed ## The exhaustive laws: pairs of refused operations, and new examples of every property
	OURSIDE_EFFORT=full $(BIN)/pytest -n 2 -m 'laws or (hypothesis and not soak and not services)'

test-services: $(VENV)/services-installed ## Tests against real peers: postgresql, rsyslog, chromium from Debian, librdkafka's brokers
	$(BIN)/pytest -n 2 -m services

soak: $(VENV)/dev-installed ## Kill scans, writers of a history, senders and receivers hundreds of times (many minutes)
	$(BIN)/pytest -m soak -rP

docs: $(VENV)/dev-installed ## Write the generated pages again
	$(BIN)/python -m scanner.cli.docs

bench: $(VENV)/dev-installed ## Measure: calls, evaluation, memory, start-up
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file; done

scoreboard: $(VENV)/dev-installed ## Ask other tools about our cases (each installed apart); docs/scoreboard.md
	$(BIN)/python -m benchmarks.scoreboard

clean: ## Remove what was made
	rm -rf $(VENV) $(DEMO) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help demo test fast lint agree laws test-services soak docs bench scoreboard clean

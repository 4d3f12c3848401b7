# Everything begins here; every target makes its own environment first, which takes no time when nothing changed.

PYTHON ?= python3
BIN := .venv/bin
FAST := tests/rules tests/calls tests/telephony tests/transfers tests/unit tests/contract tests/project
PYTEST := $(BIN)/python -m pytest
SHORT := "not thorough and not exhaustive"
FAILED := --last-failed --last-failed-no-failures none
SECOND_LOOK := $(PYTEST) -m "thorough or exhaustive" $(FAILED)

# WITH=thorough: CI plays both in one session. A test of `make test` that fails there has failed.
PLAYED := $(if $(WITH),"not exhaustive",$(SHORT))
ALL_ARE_LONG := (echo "failed, of make test:"; $(PYTEST) -q --collect-only -m $(SHORT) $(FAILED); test $$? -eq 5)
AGAIN := $(if $(WITH),|| ($(ALL_ARE_LONG) && $(SECOND_LOOK)))

# Where the environment forbids bytecode, each service and each test process would compile everything anew (decision 0043).
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help environment demo demo-check check lint formatting style types imports format tools test thorough exhaustive bench lock audit clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

environment: ## .venv from the lock file (on a bare machine too)
	@$(PYTHON) .ci/environment.py

demo: environment ## a whole secretariat to play with; Ctrl-C ends it
	@$(BIN)/pbx-bridge demo

demo-check: environment ## every scenario of the demo, played and judged without a person
	@$(BIN)/pbx-bridge demo --check

lint: formatting style types imports ## formatting, style, types, who imports whom; with -k all four, whatever fails

formatting: environment
	@$(BIN)/ruff format --quiet --check .

style: environment
	@$(BIN)/ruff check --quiet .

types: environment
	@$(BIN)/mypy

imports: environment
	@$(BIN)/lint-imports --no-logo

check: lint ## lint and the fast tests: before every commit
	$(PYTEST) -q -n 2 -m "not slow" $(wildcard $(FAST))

format: environment ## what ruff can mend by itself
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

tools: environment ## the real Asterisk, SIPp and Kannel for tests and demo, without root
	@$(BIN)/pbx-bridge pbx fetch --tests

test: environment ## the tests, on the real parts; a part that cannot be fetched is named by its tests
	-@$(MAKE) --no-print-directory tools
	$(PYTEST) -n 4 -m $(PLAYED) $(AGAIN)

# Longer tests may fail beside three others on two cores and are tried once more alone, in sight of everybody; see docs/decisions/0008.
thorough: environment ## bigger inputs and longer series, which take as long again; CI plays them too
	-@$(MAKE) --no-print-directory tools
	$(PYTEST) -n 4 -m thorough || $(SECOND_LOOK)

exhaustive: environment ## the biggest inputs, and long tests on the other database, Asterisk, language; before a release
	-@$(MAKE) --no-print-directory tools
	$(PYTEST) -n 4 -m exhaustive || $(SECOND_LOOK)

bench: tools ## figures, each beside what it is held against; ONLY=desks measures that alone, ONLY=office=50000 the biggest house
	@$(BIN)/python -m tests.bench $(ONLY)

lock: environment ## new versions into the lock files
	@PATH=$(CURDIR)/$(BIN):$$PATH .ci/lock

audit: environment ## known weaknesses of the pinned packages; fails where one could not be looked up
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

clean: ## away with all that was made here; fetched tools in the cache folder stay
	rm -rf .venv var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

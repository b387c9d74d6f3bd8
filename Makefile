# Each target sets up whatever is missing; run again it is quick.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
export OMP_THREAD_LIMIT := 1
export OMP_NUM_THREADS := 1
export DO_NOT_TRACK := 1

.PHONY: help setup setup-test demo test check format serve bench bench-reading bench-cheques bench-understanding \
	bench-matching samples lock screenshots

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

setup: ## install what the product needs
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

demo: setup ## the sample inbox, from files to claims, reminders and desk
	@scripts/demo.sh

test: setup-test ## the whole test suite
	@$(PY) -m pytest -n 2 --dist loadfile -rs --durations=5

check: setup-test ## format, lint, types, import contracts, tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(MAKE) --no-print-directory test

format: setup-test ## put the code into its format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

serve: setup ## the desk and the API on http://127.0.0.1:8080
	@.venv/bin/mailroom serve

bench: setup-test ## accuracy and speed, results as text in bench/results/
	@$(PY) -m bench.pages_a_minute

bench-reading: setup-test ## reading: word errors, speed, beside ocrmypdf
	@$(PY) -m bench.reading

bench-cheques: setup-test ## cheques: lines, amounts, acceptance against error
	@$(PY) -m bench.cheques

bench-understanding: setup-test ## categories, flags, protective signals, calibration
	@$(PY) -m bench.understanding

bench-matching: setup-test ## matching on a made portfolio, beside its peers
	@$(PY) -m bench.match_claims
	@$(PY) -m bench.gate
	@$(PY) -m bench.time_to_hold

samples: setup ## make the sample inbox and claims again
	@$(PY) -m samples.make

screenshots: setup-test ## the README's pictures of the desk, from a real browser
	@MAILROOM_SCREENSHOTS=1 $(PY) -m pytest -q tests/web -m browser

lock: setup-test ## pin every package again, with hashes
	@$(PY) -m uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(PY) -m uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

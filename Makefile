# `make serve` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCK   := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header \
          --python-version 3.11 --universal --extra build pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help install install-dev serve test check format evals evals-record evals-compare evals-import evals-retrieval performance screenshots train-judge train-kinds lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else \
	  f"Python 3.11 or newer is needed, this is {v[0]}.{v[1]}: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (once, about a minute) …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## Make .venv with everything the service needs
install-dev: $(VENV)/.installed-dev

serve: install ## Start the service: an interview without any API key
	@$(BIN)/interviewer serve

check: install-dev ## Lint and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: install-dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

test: check ## Lint, types and all tests
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

evals: install-dev ## What the scores deserve: every suite, or SUITE=agreement; RUN=name goes on with a run
	@$(BIN)/python -m evals $(SUITE) $(if $(RUN),--run $(RUN)) $(if $(LIMIT),--limit $(LIMIT))

evals-record: install-dev ## Keep the latest run's judgements for CI to replay; RUN=name another's
	@$(BIN)/python -m evals record $(if $(RUN),--run $(RUN))

evals-compare: install-dev ## How far two runs drifted apart: make evals-compare A=run B=run
	@$(BIN)/python -m evals compare $(A) $(B)

evals-import: install-dev ## What the importer gets right, over documents whose content is known
	@$(BIN)/python -m evals.importing

evals-retrieval: install-dev ## How well searches find the right question, per embedding and ranking
	@$(BIN)/python -m evals.retrieval

train-judge: install-dev ## Train the embedded model's verdict head on labelled replies
	@$(BIN)/python -m evals.training

train-kinds: install-dev ## Train the classifier of kinds of replies on written utterances
	@$(BIN)/python -m evals.training.kinds

performance: install-dev ## Speed and memory, as one table
	@$(BIN)/python -m evals.performance

screenshots: install-dev ## Every screen as a picture (needs Chromium); OUT=folder, ONLY='chat*'
	@$(BIN)/python -m tests.web.screens $(if $(OUT),--out $(OUT)) $(if $(ONLY),--only '$(ONLY)')

lock: ## Refresh the locks (needs uv)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --output-file requirements-dev.lock

clean: ## Remove the virtual environment and caches, never the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build *.egg-info

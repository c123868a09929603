# Every target that people use has its sentence after ##; `make help` prints them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
# What the environment depends on: the lock, the project's own metadata, and where the clone lies.
INSTALLED := .venv/installed-$(shell { cat requirements/dev.txt pyproject.toml; pwd; } | cksum | tr ' ' '-')
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard portal/hemvist_portal/locale/*/LC_MESSAGES/*.po))
# The benchmark's peers have an environment of their own.
BENCH := .venv-bench
PEERS := $(BENCH)/installed-$(shell cksum <requirements/bench.txt | tr ' ' '-')
# Nor do the programs that judge images and charts belong to what we import.
CHARTS := .venv-charts
JUDGES := $(CHARTS)/installed-$(shell cksum <requirements/charts.txt | tr ' ' '-')
# What builds the documentation site.
WRITING := .venv-site
WRITERS := $(WRITING)/installed-$(shell cksum <requirements/site.txt | tr ' ' '-')
OIDC_PEER := tests/oidc-provider

# TODAY=2027-03-01 make run
ifdef TODAY
export HEMVIST_TODAY := $(TODAY)
endif

.PHONY: help install run attack faults fuzz-api drill upgrade-drill citus supply bench-policy bench-graphql load test test-slow test-needs lint charts format schema docs site dashboards demo-data national-data lock clean

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z%-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) $(CATALOGUES) ## Make .venv with everything in it; .venv/bin/hemvist is the command

$(INSTALLED):
	@sh tools/install.sh requirements/dev.txt
	@rm -f .venv/installed-*
	@touch $@

%.mo: %.po $(INSTALLED)
	@$(BIN)/pybabel --quiet compile -i $< -o $@

run: install ## Start everything on this machine and print the address (TODAY=YYYY-MM-DD shifts the calendar)
	@$(BIN)/hemvist dev run

test: install test-needs ## Run the tests, a process per core, all but the slow (ARGS="-n0 -k name" for some of all, in one process)
	@$(BIN)/pytest -n auto $(if $(ARGS),$(ARGS),-m "not slow")

test-slow: install test-needs ## Run the tests that take long: whole populations, kill -9, planted faults, lives in the browser, a run from nothing
	@$(BIN)/pytest -n auto -m slow $(ARGS)

test-needs: install
	@sh tools/chromium.sh
	@sh tools/pgbouncer.sh
	@sh tools/promtool.sh
	@if [ -f $(OIDC_PEER)/package-lock.json ]; then sh tools/npm-packages.sh $(OIDC_PEER); fi

lint: install $(JUDGES) ## Style, types, the import rule, rules for migrations, locks, licences, images and charts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/hemvist db lint
	@$(BIN)/python tools/supply.py quick
	@$(BIN)/python tools/charts.py

charts: install $(JUDGES) ## Images, compose file and chart, judged by hadolint, helm, Kubernetes' and compose's schemas, and our own rules
	@$(BIN)/python tools/charts.py

$(JUDGES): requirements/charts.txt
	@sh tools/bench-environment.sh $(CHARTS) requirements/charts.txt
	@rm -f $(CHARTS)/installed-*
	@touch $@

format: install ## Bring the code into the one format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

citus: install ## Hold the tables of HEMVIST_DATABASE_URL against what Citus asks (ARGS="--statements build/sent.jsonl")
	@$(BIN)/hemvist citus check $(ARGS)

bench-policy: $(PEERS) ## Judging by a guideline, beside other engines: writes docs/benchmarks/policy.md
	@mkdir -p build/bench
	@PYTHONPATH=platform:policy_packs $(BENCH)/bin/python bench/policy.py

$(PEERS): requirements/bench.txt
	@sh tools/bench-environment.sh $(BENCH) requirements/bench.txt
	@rm -f $(BENCH)/installed-*
	@touch $@

GRAPHILE := bench/graphql_bench/postgraphile
bench-graphql: install ## The read path beside SQL by hand and other servers (SIZE="--kommuner 8 --households 2400", ARGS="run …")
	@mkdir -p build/bench
	@sh tools/npm-packages.sh $(GRAPHILE)
	@PYTHONPATH=bench $(BIN)/python -m graphql_bench $(SIZE) $(or $(ARGS),run)

load: install ## MINUTES=10 USERS=64 of pages and commands: no error, flat memory, nobody else's row
	@mkdir -p build/bench
	@PYTHONPATH=bench $(BIN)/python -m graphql_bench $(SIZE) load \
		--minutes $(or $(MINUTES),10) --users $(or $(USERS),64) $(ARGS)

bench-%: install ## Measure NAME (bench/NAME.py): prints a table, writes build/bench/NAME.json
	@mkdir -p build/bench
	@$(BIN)/python bench/$*.py

attack: install ## Attack every field, route, table and role of the platform: counts, and finds (ARGS="-k sql")
	@HEMVIST_ATTACK=whole $(BIN)/pytest -n0 -q --show-capture=no --tb=short --timeout=0 tests/attack $(ARGS)

faults: install test-needs ## kill -9, full disks, cut networks and clocks in the middle of real commands, then an auditor (COMMANDS=1000 SEED=1)
	@PYTHONPATH=tests/support $(BIN)/python -m hemvist_faults --commands $(or $(COMMANDS),1000) \
		$(if $(SEED),--seed $(SEED)) $(ARGS)

drill: install ## Load a server, kill it, restore its backup and prove it: what was lost, and how long it took (HOUSEHOLDS=200 SECONDS=20)
	@mkdir -p build/bench
	@HOUSEHOLDS=$(or $(HOUSEHOLDS),200) SECONDS=$(or $(SECONDS),20) $(BIN)/python bench/restore.py

upgrade-drill: install ## Upgrade under constant load, old and new code side by side: failed requests, longest lock (HOUSEHOLDS=200 SECONDS=10 OLD=COMMIT)
	@mkdir -p build/bench
	@HOUSEHOLDS=$(or $(HOUSEHOLDS),200) SECONDS=$(or $(SECONDS),10) $(if $(OLD),OLD=$(OLD)) $(if $(PLANTED),PLANTED=$(PLANTED)) \
		$(BIN)/python bench/upgrade.py

supply: install ## Hashes, licences and secrets of all we ship; writes the list of parts to build/sbom.cdx.json
	@$(BIN)/python tools/supply.py

fuzz: install ## Throw mutated packs at the loader and the engine (SECONDS=600)
	@mkdir -p .local/fuzz/corpus
	@cd .local/fuzz && PYTHONPATH=$(CURDIR)/tests/support $(CURDIR)/$(BIN)/python $(CURDIR)/tests/fuzz/packs.py \
		-max_total_time=$(or $(SECONDS),600) -max_len=400000 -timeout=60 corpus

fuzz-api: install ## Send made-up requests to every page and both APIs: counts, and finds (CASES=10000 SEED=1283 ONLY=openCase MINUTES=30 REPLAY=build/fuzz/found.jsonl)
	@HEMVIST_FUZZ_CASES=$(or $(CASES),10000) HEMVIST_FUZZ_SEED=$(or $(SEED),1283) \
		HEMVIST_FUZZ_ONLY="$(ONLY)" HEMVIST_FUZZ_MINUTES="$(MINUTES)" \
		HEMVIST_FUZZ_REPLAY="$(REPLAY)" \
		$(BIN)/pytest -n0 -q --show-capture=no --tb=line --timeout=0 tests/fuzzing/test_run.py

demo-data: install ## Fill in the demo kommuner and households without serving
	@$(BIN)/hemvist demo seed

national-data: install ## Fill HEMVIST_DATABASE_URL with a whole country to measure (ARGS="--kommuner 10 --households 4000")
	@$(BIN)/hemvist demo national $(ARGS)

schema: install ## Write the GraphQL schemas to graphql/schema.graphql and graphql/landlord.graphql
	@$(BIN)/hemvist graphql schema

docs: install ## Write docs/packs from the packs and docs/settings.md from the model, and check that the documents' links hold
	@$(BIN)/hemvist policy pages docs/packs
	@$(BIN)/hemvist settings page --out docs/settings.md
	@$(BIN)/python tools/check_docs.py

dashboards: install ## Write the Grafana dashboards to infra/grafana
	@$(BIN)/python tools/dashboards.py

site: install $(WRITERS) ## Build the documentation site into build/site: plain HTML, links checked, nothing loaded from elsewhere
	@$(BIN)/python tools/site.py $(CURDIR)/$(WRITING)/bin/zensical

$(WRITERS): requirements/site.txt
	@sh tools/bench-environment.sh $(WRITING) requirements/site.txt
	@rm -f $(WRITING)/installed-*
	@touch $@

lock: install ## Lock the packages anew after a change in pyproject.toml (needs uv)
	@sh tools/lock.sh

clean: ## Remove what can be made again; the data in .local stay
	@rm -rf .venv .venv-bench $(CHARTS) $(WRITING) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f $(CATALOGUES)

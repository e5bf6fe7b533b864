# Each target calls one command that works as well without make (see README).
#   INBOX=dir    folder of deliveries, laid out as <source>/<file>
#   FILE=file    export to draft the declaration of a system from (make source)
#   DB=file      database to write or read, instead of the target's own
#   DEST=dir     where to export to: a folder or an S3 URL
#   TARGET=name  target of profiles.yml (dev, qa, prod; duckdb, postgres, spark)
#   FROM=name TO=name  targets to move a warehouse between (make move)
#   CSV=file FIELDS=file TRUTH=column  labelled records (make identity-eval)
#   ARGS="..."   further options of the command, such as ARGS=--help
#   PYTHON=path  interpreter to make .venv with

.DEFAULT_GOAL := help
.PHONY: help run ingest source build dbt sheets watch share move docs serve explore schema export \
        screenshots generate demo-api postgres spark bench scale identity-eval torture test \
        test-all test-spark thorough coverage lint lock install install-dev clean

# What is compiled is kept, also where the environment says otherwise: without it
# every process compiles dbt anew, which takes longer than a run of few rows.
export PYTHONDONTWRITEBYTECODE :=

# A misspelled setting would be ignored, and the samples or data/inbox be taken.
settings := INBOX FILE DB DEST TARGET FROM TO CSV FIELDS TRUTH ARGS PYTHON
environment := WAREHOUSE_% DBT_% PYTEST_% PIP_% UV_% EXAMPLES SHELL
unknown := $(filter-out $(settings) $(environment),$(foreach name,$(.VARIABLES),\
    $(if $(filter command line,$(origin $(name))),$(name))))
$(if $(strip $(unknown)),$(error unknown setting $(strip $(unknown)): \
    there are $(settings)))

# Names of files may come with a delivery: neither make nor the shell expands them.
named := INBOX FILE DB DEST CSV FIELDS TRUTH
define literal
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach name,$(named),$(if $(value $(name)),$(eval $(call literal,$(name)))))

python := .venv/bin/python
place = $(if $(DB),--db "$$DB") $(if $(TARGET),--target "$(TARGET)")
inbox = $(if $(INBOX),--inbox "$$INBOX")

help: ## List the targets
	@sed -n 's/^#   //p' $(MAKEFILE_LIST)
	@echo
	@awk -F ':.*## ' '/^## / {sub(/^## /, ""); sub(/ -+$$/, ""); print "\n" $$0} \
	    /^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## The main job ---------------------------------------------------------------

run: install ## Ingest INBOX and build the warehouse; samples if it is empty
	@$(python) -m scripts.run $(inbox) $(place) $(ARGS)

ingest: install ## Only ingest INBOX (ARGS=--dry-run says what would happen)
	@$(python) -m scripts.ingest $(inbox) $(place) $(ARGS)

source: install ## Draft the declaration of a system from one of its files (FILE=x.csv)
	@$(python) -m scripts.source $(if $(FILE),"$$FILE") $(ARGS)

build: install ## Only build the models and test the data (dbt build)
	@$(python) -m scripts.dbt $(place) build $(ARGS)

dbt: install ## Any other command of dbt, as in ARGS="compile --select path:analyses"
	@$(python) -m scripts.dbt $(place) $(ARGS)

sheets: install .venv/.sheets ## Install what reads .xls, .xlsb and .ods, once

watch: install .venv/.watch ## Ingest and build as files arrive, until Ctrl-C
	@$(python) -m scripts.watch $(inbox) $(place) $(ARGS)

share: install ## Write a copy for others, without personal data
	@$(python) -m scripts.share $(place) $(ARGS)

move: install $(addprefix .venv/.,$(filter duckdb postgres spark,$(FROM) $(TO))) ## Move a warehouse to another engine (FROM=dev TO=postgres)
	@$(python) -m scripts.move --from "$(FROM)" --to "$(TO)" $(ARGS)

## Looking at it --------------------------------------------------------------

docs: install ## Make the documentation site (dbt docs)
	@$(python) -m scripts.site $(place) $(ARGS)

serve: install ## Make the documentation site and show it in a browser
	@$(python) -m scripts.site --serve $(place) $(ARGS)

explore: install .venv/.explore ## Tables, queries and dashboards in the browser
	@$(python) -m scripts.explore --open $(inbox) $(place) $(ARGS)

screenshots: install .venv/.explore ## Take the README's pictures of the sample (needs Chromium)
	@$(python) -m tools.screenshots $(ARGS)

schema: install ## Write the warehouse's DDL to target/schema.sql
	@$(python) -m scripts.schema $(place) $(ARGS)

export: install $(if $(findstring ://,$(DEST)),.venv/.s3) ## Write sales and their marts as Parquet to DEST, a folder or an S3 URL
	@$(python) -m scripts.export $(if $(DEST),"$$DEST") $(place) $(ARGS)

generate: install ## Write sample deliveries, as in ARGS="--out dir --scale 10"
	@$(python) -m tools.generate $(ARGS)

postgres: install ## Run a PostgreSQL server for trying, until Ctrl-C
	@$(python) -m tools.postgres $(ARGS)

spark: install .venv/.spark ## Run a Spark cluster of two workers for trying, until Ctrl-C
	@$(python) -m tools.spark $(ARGS)

demo-api: install ## Serve generated sales over HTTP, to try a source that is asked
	@$(python) -m tools.demo_api $(ARGS)

bench: install ## Measure time, CPU and memory at 1, 10 and 100 times the sample
	@$(python) -m tools.bench $(ARGS)

identity-eval: install ## Judge the matching on labelled records: CSV= FIELDS= TRUTH=
	@$(python) -m tools.identity_eval --csv "$$CSV" --fields "$$FIELDS" \
	    --truth "$$TRUTH" $(if $(TARGET),--target "$(TARGET)") $(ARGS)

torture: install-dev ## Kill, fill and damage warehouses, and compare (ARGS="--only kills")
	@$(python) -m tools.torture $(if $(TARGET),--target "$(TARGET)") $(ARGS)

## Working on it --------------------------------------------------------------

# in the order of tests/python/conftest.py
parallel = -n auto --dist loadscope --no-loadscope-reorder

test: install-dev ## Test what a change breaks most often: under seven minutes with the installs
	@$(python) -m pytest $(parallel) -m "not long" --junitxml=reports/junit.xml $(ARGS)

test-all: lint ## Lint, and run every test, as CI does
	@$(python) -m pytest $(parallel) --junitxml=reports/junit.xml $(ARGS)

test-spark: install-dev .venv/.spark ## Compare Spark with SQLite, on a cluster of two (needs Java)
	@$(python) -m pytest adapters/dbt-strict/tests tests/python/macros \
	    tests/python/warehouse/test_spark.py tests/python/tooling/test_spark_target.py \
	    -k spark $(ARGS)

scale: install .venv/.duckdb .venv/.spark ## Measure Spark: ARGS="sales --rows 1000000 --folder dir"
	@$(python) -m tools.scale $(place) $(ARGS)

thorough: export THOROUGH := 1
thorough: test-all ## The same, with every scenario on DuckDB, and more seeds

coverage: install-dev ## Run every test and tell which Python lines none reached
	@$(python) -m pytest $(parallel) --cov --cov-report=term --cov-report=xml $(ARGS)

lint: install-dev ## Check Python (ruff, mypy) and SQL (sqlfluff)
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy & types=$$!; \
	find models analyses $(wildcard tests/singular) -name '*.sql' | sort | \
	    xargs -P 2 -n 80 $(python) -m sqlfluff lint; sql=$$?; \
	wait $$types && exit $$sql

lock: ## Pin what pyproject.toml asks for (needs uv); ARGS=--upgrade renews
	@set -e; lock() { uv pip compile pyproject.toml --universal \
	    --python-version 3.10 --no-header --annotation-style line \
	    --no-emit-package pip --quiet $(ARGS) "$$@"; }; \
	lock --output-file requirements.txt; \
	lock --extra duckdb --constraints requirements.txt \
	    --output-file requirements-duckdb.txt; \
	for extra in postgres spark api database s3 sheets alerts watch explore dagster; do \
	    lock --extra $$extra --constraints requirements.txt \
	        --output-file requirements-$$extra.txt; \
	done; \
	lock --group dev $(foreach extra,duckdb postgres api database s3 sheets alerts watch \
	    explore dagster,--extra $(extra)) --constraints requirements-duckdb.txt \
	    --output-file requirements-dev.txt

## Set-up (done by itself) ----------------------------------------------------

install: .venv/.run .venv/.parsed $(addprefix .venv/.,$(filter duckdb postgres spark,$(TARGET))) ## Make .venv with what running needs (TARGET=duckdb: that too)
install-dev: .venv/.dev ## Add what developing needs

clean: ## Remove .venv, reports and what dbt made; data stay
	rm -rf .venv target reports logs .mypy_cache .pytest_cache .ruff_cache

# A stamp stands for a finished install: a half-finished one starts afresh, and
# so does one whose interpreter has gone. The lists are complete, so pip need not
# work out what else is needed; and Python compiles what is imported, which is
# little of it, when it is.
$(shell test -x $(python) || rm -f .venv/.run)
pip = $(python) -m pip install -qq --disable-pip-version-check --no-deps --no-compile

adapter = adapters/dbt-strict

.venv/.run: requirements.txt $(adapter)/METADATA
	@python=$$(scripts/find_python.sh) && \
	echo "Installing into .venv (once)" && \
	"$$python" -m venv --clear .venv && \
	$(pip) -r $< -e $(adapter) && \
	touch $@

# dbt parses the project, and that of the evaluation, once, so that the first run
# need not; if it fails, that will tell. Tests parse by themselves.
.venv/.parsed: | .venv/.run
	@{ $(python) -m scripts.dbt parse --quiet --no-write-json & \
	$(python) -c "from tools.identity_eval import project; project.prepare()"; \
	wait; } || true
	@touch $@

extras = duckdb postgres spark s3 sheets alerts watch explore dagster
$(extras:%=.venv/.%): .venv/.%: requirements-%.txt .venv/.run
	@{ test $* != spark && test -e .venv/.dev; } || { echo "Installing what $* needs" && \
	$(pip) -r $<; }
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@rm .venv/.run
	@echo "Installing what developing needs"
	@$(pip) -r $<
	@touch .venv/.run $@

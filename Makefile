# The only door to commands. Everything is installed once, below this folder; see `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8080
RETRY_SECONDS ?= 300
CHECKOUT_SECONDS ?= 1800
AT = --port $(PORT) $(if $(ENV),--env $(ENV))
# What a command cannot do without, said before anything is dialled: $(call need,MERCHANT ENV_MODE)
need = $(foreach name,$(1),$(if $($(name)),,$(error $(name)= is missing, see make help)))
UV_VERSION := 0.13.8
UV := .tools/uv/bin/uv
PY := .venv/bin/python
export SAM_CLI_TELEMETRY := 0
# A registry that is away for half a minute stops neither a build nor the tests of one.
export UV_HTTP_RETRIES ?= 5
export PYTHONPATH := .

# ---- set-up: uv, then the locked environment --------------------------------------------------------

SYSTEM_PYTHON = $(shell for p in python3 python3.13 python3.12 python3.11 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/*/bin/python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null \
	&& $$p -c 'import sys; print(sys.executable)' && break; done)

$(UV):
	@test -n "$(SYSTEM_PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found." >&2; exit 1; }
	@echo "Installing uv $(UV_VERSION) into .tools ..."
	@$(SYSTEM_PYTHON) -m pip --version >/dev/null 2>&1 || { echo "$(SYSTEM_PYTHON) has no pip: install python3-pip (Debian: apt-get install python3-pip)." >&2; exit 1; }
	@$(SYSTEM_PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target .tools/uv uv==$(UV_VERSION)

.venv/.locked: $(UV) pyproject.toml uv.lock
	@echo "Installing the locked environment (the first time takes a minute) ..."
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen --python $(SYSTEM_PYTHON)
	@touch $@

.PHONY: setup
setup: .venv/.locked ## install what the project needs, once

.PHONY: pages
pages: .venv/.locked ## build the hosted pages and payglobe.js
	@if [ -f pages/build.py ]; then $(PY) -m pages.build; fi

# ---- running ----------------------------------------------------------------------------------------

.PHONY: run
run: pages ## serve everything on this machine [PORT=8080 RETRY_SECONDS=300 CHECKOUT_SECONDS=1800]
	@$(PY) -m tools.local.run --port $(PORT) --retry-seconds $(RETRY_SECONDS) --checkout-seconds $(CHECKOUT_SECONDS)

.PHONY: demo
demo: pages ## card and voucher, link, saved card, disputes, methods, an acquirer, step by step [PORT=8080]
	@$(PY) -m tools.local.demo --port $(PORT)

.PHONY: merchant
merchant: .venv/.locked ## onboard a merchant: NAME=Acme [IPN_URL=https://...] [PORT=8080 | ENV=dev]
	@$(call need,NAME)$(PY) -m tools.ops.merchant create --name "$(NAME)" --ipn-url "$(IPN_URL)" $(AT)

.PHONY: merchants
merchants: .venv/.locked ## every merchant [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.merchant list $(AT)

.PHONY: merchant-show
merchant-show: .venv/.locked ## settings, connectors, keys by fingerprint, last changes: MERCHANT=m_... [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT)$(PY) -m tools.ops.merchant show --merchant "$(MERCHANT)" $(AT)

.PHONY: merchant-set
merchant-set: .venv/.locked ## what its keys may do, contact and time zone: MERCHANT=m_... ENV_MODE=test|live SET="origins=https://a.example payments-a-minute=600" [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT SET)$(PY) -m tools.ops.merchant set --merchant "$(MERCHANT)" --settings "$(SET)" $(if $(ENV_MODE),--env-mode "$(ENV_MODE)") $(AT)

.PHONY: merchant-suspend
merchant-suspend: .venv/.locked ## nothing new, what is under way finishes: MERCHANT=m_... [RESUME=1] [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT)$(PY) -m tools.ops.merchant suspend --merchant "$(MERCHANT)" $(if $(RESUME),--resume) $(AT)

.PHONY: operator
operator: .venv/.locked ## a key for the operators' door, in the place of the one before: NAME=ada [REMOVE=1]; without NAME, who has one [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.operator --name "$(NAME)" $(if $(REMOVE),--remove) $(AT)

.PHONY: settle
settle: .venv/.locked ## close what no gateway can be asked about: PAYMENT= KEY= STATE=SUCCEEDED|REFUSED WHY="..." [REFERENCE=] [PORT=8080 | ENV=dev]
	@$(call need,PAYMENT KEY STATE WHY)$(PY) -m tools.ops.settle --payment "$(PAYMENT)" --key "$(KEY)" --state "$(STATE)" --why "$(WHY)" --reference "$(REFERENCE)" $(AT)

.PHONY: find
find: .venv/.locked ## a payment's whole story: PAYMENT=|DELIVERY=|EXECUTION=, or ATTENTION=WORD [DAYS=7] [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.find --payment "$(PAYMENT)" --attention "$(ATTENTION)" --delivery "$(DELIVERY)" --execution "$(EXECUTION)" --days "$(or $(DAYS),7)" $(AT)

.PHONY: doctor
doctor: .venv/.locked ## what is missing here, in the account and in the stack, and what to do: [RATE=10 payments a second] [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.doctor --rate "$(or $(RATE),10)" $(AT)

.PHONY: copy-tables
copy-tables: .venv/.locked ## every record table as it was: [MOMENT=2026-11-22T03:00:00Z, else as late as can be] [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.refill copy --moment "$(MOMENT)" $(AT)

.PHONY: refill
refill: .venv/.locked ## put back what is missing from those copies; what is there stays [PORT=8080 | ENV=dev]
	@$(PY) -m tools.ops.refill refill $(AT)

.PHONY: rotate-key
rotate-key: .venv/.locked ## replace a key, at once or with an overlap: MERCHANT=m_... KEY=sk_... [OVERLAP=24h] [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT KEY)$(PY) -m tools.ops.merchant rotate --merchant "$(MERCHANT)" --key "$(KEY)" $(if $(OVERLAP),--overlap "$(OVERLAP)") $(AT)

CONNECTOR = --merchant "$(MERCHANT)" --env-mode "$(ENV_MODE)" --gateway "$(GATEWAY)" --provider "$(PROVIDER)" --methods "$(METHODS)" $(AT)

.PHONY: connector
connector: .venv/.locked ## set up a connector: MERCHANT=m_... ENV_MODE=test|live GATEWAY=sandbox (or PROVIDER=, METHODS=) [SETTINGS=@file.json NEW_ACCOUNT=1] [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT ENV_MODE)$(PY) -m tools.ops.connector set --settings "$(SETTINGS)" $(if $(NEW_ACCOUNT),--new-account) $(CONNECTOR)

.PHONY: connectors
connectors: .venv/.locked ## a merchant's connectors: MERCHANT=m_... [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT)$(PY) -m tools.ops.connector list --merchant "$(MERCHANT)" $(AT)

.PHONY: connector-test
connector-test: .venv/.locked ## whether a connector answers: MERCHANT=m_... ENV_MODE=test|live GATEWAY=sandbox [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT ENV_MODE)$(PY) -m tools.ops.connector test $(CONNECTOR)

.PHONY: connector-remove
connector-remove: .venv/.locked ## no new payments there: MERCHANT=m_... ENV_MODE=test|live GATEWAY=... [PURGE=1] [PORT=8080 | ENV=dev]
	@$(call need,MERCHANT ENV_MODE)$(PY) -m tools.ops.connector remove $(if $(PURGE),--purge) $(CONNECTOR)

# ---- checking ---------------------------------------------------------------------------------------

.PHONY: check
check: .venv/.locked ## formatter, linter, types, import rules, template
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@AWS_DEFAULT_REGION=eu-south-1 .venv/bin/sam validate --lint

.tools/checkov/.locked: $(UV) tools/policy/requirements.txt
	@echo "Installing the policy scanner ..."
	@rm -rf .tools/checkov
	@UV_PYTHON_DOWNLOADS=never $(UV) venv --quiet --python $(SYSTEM_PYTHON) .tools/checkov
	@$(UV) pip install --quiet --require-hashes --python .tools/checkov/bin/python --requirements tools/policy/requirements.txt
	@touch $@

.PHONY: rehearse-upgrade
rehearse-upgrade: pages ## the previous release with payments under way becomes this one and goes back, book by book [PAYMENTS=50] [FROM=v0.2.0]
	@$(PY) -m tools.rehearsal $(if $(PAYMENTS),--payments $(PAYMENTS)) $(if $(FROM),--from "$(FROM)")

.PHONY: scan
scan: .venv/.locked .tools/checkov/.locked ## published rules of safety against what is deployed; each exception has its reason
	@$(PY) -m tools.policy.scan

# What waits for browsers, processes and the clocks of a busy machine is tried again, five times in a whole run at most, and its
# failure is printed all the same. What only computes, books of simulated worlds above all, fails at once.
COMPUTES := tests/unit tests/property tests/integration/test_simulator.py
TRY_AGAIN := --reruns 2 --max-suite-reruns 5 --rerun-show-tracebacks $(addprefix --rerun-exclude-path ,$(COMPUTES))

.PHONY: test
test: pages ## every test [WORKERS=3 side by side]
	@$(PY) -m pytest -n $(or $(WORKERS),3) --dist loadfile $(TRY_AGAIN)

.PHONY: test-fast
test-fast: .venv/.locked ## for every save: units, properties (on new examples) and contracts on fakes, without any cloud
	@ANEW=1 $(PY) -m pytest -q -n $(or $(WORKERS),2) --dist loadfile -m "not cloud and not moto" tests/unit tests/property tests/contract

.PHONY: simulate
simulate: .venv/.locked ## payments under faults: [PAYMENTS=2000 GATEWAY=igfs] or [SEED=n] replays, MUTATIONS=1 shows that it can fail
	@$(PY) -m tools.simulator $(if $(PAYMENTS),--payments $(PAYMENTS)) $(if $(SEED),--seed $(SEED)) $(if $(GATEWAY),--gateway $(GATEWAY)) \
		$(if $(TELL),--tell) $(if $(MUTATIONS),--mutations)

.PHONY: new-gateway
new-gateway: .venv/.locked ## a card gateway's skeleton, its far side, rows and guide section: NAME=acme
	@$(call need,NAME)$(PY) -m tools.new_gateway --name "$(NAME)"

.PHONY: openapi
openapi: .venv/.locked ## write docs/openapi.yaml and the Postman collection
	@$(PY) -m tools.contract.openapi

.PHONY: contract-released
contract-released: .venv/.locked ## at a release: what is promised now, tests hold for ever (docs/released.txt)
	@$(PY) -m tools.contract.promises

.PHONY: load-webhooks
load-webhooks: .venv/.locked ## how fast webhooks leave, beside a plain requests loop
	@$(PY) -m tools.bench.load_webhooks

.PHONY: bench
bench: pages ## one table of ratios and counts: [QUICK=1] half a minute, [ONLY=cold|instructions|counts|warm|flat|peers]
	@$(PY) -m tools.bench $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

.PHONY: cost
cost: .venv/.locked ## US dollars per 1,000 payments, by service
	@$(PY) -m tools.bench.cost

.PHONY: event
event: .venv/.locked ## what Lambda would hand to a handler, made from its sample: HANDLER=payment.init
	@$(call need,HANDLER)$(PY) -m tools.testing.calling "$(HANDLER)"

# ---- deploying --------------------------------------------------------------------------------------

.PHONY: build
build: pages ## sam build, with bytecode compiled for the runtime
	@$(PY) -m tools.ops.build

.PHONY: deploy
deploy: pages ## deploy to AWS: ENV=dev|staging|prod [YES=1 without asking]
	@$(call need,ENV)$(PY) -m tools.ops.release --env $(ENV) $(if $(YES),--yes)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | awk -F'\t' '{printf "  make %-18s %s\n", $$1, $$2}'

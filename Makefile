# The two commands are `make demo` and `make test`; `make help` lists the rest. The work is done by scripts/*.sh.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test files fuzz sanitize style build trainer install bench speed evaluation clean distclean

# All that a recipe may be given on the command line.
export PYTHON JOBS PREFIX FILE TREE BOUND DATA SHARED

# Another ROOT than that of .venv; later calls keep to it, and `make ROOTSYS=` goes back. Only the command line counts:
# many have a ROOT in their environment that they do not think of.
ifeq ($(origin ROOTSYS),command line)
export RB_ROOTSYS := $(abspath $(ROOTSYS))
other_root := $(RB_ROOTSYS)
else
other_root := $(shell cat build/rootsys 2>/dev/null)
endif
venv := .venv/$(if $(strip $(other_root)),tools,complete)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18
	@echo "  variables: FILE TREE BOUND (demo), PREFIX (install), PYTHON (which Python), JOBS (how many at once),"
	@echo "             ROOTSYS (a ROOT of your own in place of the one in .venv)"

demo: build ## train, compress, decompress, run one analysis on all three files, plots in out/demo
	@scripts/demo.sh

test: build ## all tests, Rust and ROOT
	@scripts/test.sh

files: build ## files that were trouble once and real ones there and back (SHARED, ../shared): ten minutes
	@tests/files/run.sh

fuzz: ## hostile bytes for the core (SECONDS for each target; tests/fuzz/README.md)
	@scripts/fuzz.sh $(or $(SECONDS),60)

sanitize: $(venv) ## tests under the compilers' sanitizers and Miri, as far as they are here
	@scripts/sanitize.sh

style: ## format of Rust and C++, faults of shell scripts
	@scripts/style.sh

build: $(venv) ## everything, into build/ (then: . build/env.sh)
	@scripts/build.sh
	@echo "==> Built. To use it: . build/env.sh"

trainer: $(venv) ## only rootbaler-train
	@scripts/build.sh trainer

install: ## copy to PREFIX=/path
	@scripts/install.sh --check "$(PREFIX)"
	@$(MAKE) --no-print-directory build
	@scripts/install.sh "$(PREFIX)"

bench: build ## sizes and speeds beside ROOT's own settings
	@scripts/bench.sh

speed: build ## how long writing and reading take, level by level
	@scripts/speed.sh

evaluation: build ## figures and tables of docs/EVALUATION.md (DATA: folder with the CMS and LHCb files)
	@scripts/evaluation.sh

clean: ## remove what was built; .venv and the cached libtorch stay
	rm -rf build out target

distclean: clean ## remove .venv too
	rm -rf .venv .venv-bench

.venv/complete .venv/tools: requirements.txt scripts/setup.sh
	@scripts/setup.sh

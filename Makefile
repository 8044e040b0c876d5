# Beltline. Two commands matter: `make demo` and `make test`. `make help` lists the rest.
#
# Both use one preset, release, so that nothing is compiled twice. PRESET=dev, asan, tsan or clang chooses another
# for `make build` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PRESET ?= release
JOBS ?= $(shell nproc)
RUN ?= runs/korea
ODDS ?= $(RUN)-risk
DAY ?= $(RUN)-day
SCENARIO ?= scenarios/korea
BELTLINE := build/release/bin/beltline

.PHONY: help setup build demo test bench validate soak lint format fuzz pictures docs profiles efficiencies clean

help:  ## this list
	@echo "make TARGET:"
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12 | sed 's/^/  /'

setup:  ## system packages (apt, only what is missing) and the pinned wheels in .venv
	@tools/setup.sh

build: setup  ## the program, its tests and benchmarks, into build/$(PRESET)
	@mkdir -p build
	@cmake --preset $(PRESET) >build/configure-$(PRESET).log 2>&1 || { cat build/configure-$(PRESET).log; exit 1; }
	@cmake --build --preset $(PRESET) --parallel $(JOBS)

demo:  ## set up, build, plan the Korean build-out, play it, and a peak day of requests, and write one page
	@$(MAKE) build PRESET=release
	@$(BELTLINE) plan $(SCENARIO) -o $(RUN); code=$$?; \
	if [ $$code -eq 0 ] || [ $$code -eq 4 ]; then \
	  echo; \
	  odds=; $(BELTLINE) risk $(RUN) -o $(ODDS) && odds=$(ODDS); \
	  echo; \
	  day=; $(BELTLINE) serving $(RUN) --traffic korea-day --outage ulsan@12:00+2h --requests-max 200000 \
	    --no-scale-check -o $(DAY) && day=$(DAY); \
	  $(BELTLINE) report $(RUN) $$odds $$day -o $(RUN).html >/dev/null || exit $$?; \
	  echo; \
	  echo "program    $(CURDIR)/$(BELTLINE)"; \
	  echo "scenario   $(CURDIR)/$(SCENARIO)"; \
	  echo "run        $(CURDIR)/$(RUN): manifest.json, tables/*.parquet"; \
	  [ -z "$$odds" ] || echo "risk       $(CURDIR)/$(ODDS): how likely it holds, what makes it late, what would help"; \
	  [ -z "$$day" ] || echo "day        $(CURDIR)/$(DAY): a peak day of requests, a site lost at noon"; \
	  echo "tables     $(BELTLINE) table $(RUN)"; \
	  echo "report     $(CURDIR)/$(RUN).html: plan$${odds:+, risk}$${day:+, a peak day} on one page, for any browser"; \
	  echo "to read    README.md, docs/README.md"; \
	fi; exit $$code

test: setup  ## every test: unit, property, golden, validation, the page in a browser, house rules
	@tools/setup.sh test & browser=$$!; $(MAKE) build; built=$$?; wait $$browser && exit $$built
	@# one more than there are cores: tests wait for disks and for each other's processes
	@ctest --preset $(PRESET) --parallel $$(($(JOBS) + 1))

bench:  ## times and memory beside PyPSA, HiPO, SimPy (BENCH_PYPSA=0, BENCH_SIMPY=0: without; BENCH_LARGE=1: all)
	@$(MAKE) build PRESET=release
	@cmake --build --preset release --parallel $(JOBS) --target beltline_bench beltline_lp_file beltline_risk_chain
	@bench/run $(BENCH_ARGS)

validate: build  ## the published cases of ../shared/validation: a table of them, then their tests
	@python3 tests/validate.py build/$(PRESET)/bin/beltline
	@# PROFILES: a folder or wheel with tables of kernels, in place of those of ../shared/validation
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target beltline_validate_serving
	@build/$(PRESET)/bin/beltline_validate_serving $(if $(PROFILES),--profiles $(PROFILES))
	@ctest --preset $(PRESET) --parallel $(JOBS) -R '[Vv]alidation|[Pp]ublished|[Ll]ibrary'

soak: build  ## every test again and again, the long forms too, in random order, for SOAK_MINUTES (10)
	@tools/setup.sh test
	@tools/soak.sh build/$(PRESET) $(JOBS) $${SOAK_MINUTES:-10}

lint:  ## include order, text rules, clang-format, clang-tidy (installs them if missing)
	@tools/setup.sh
	@tools/setup.sh lint
	@tools/lint.py --all

format:  ## clang-format every source file
	@tools/setup.sh lint
	@tools/lint.py format --fix

fuzz:  ## each fuzzer for FUZZ_SECONDS (60), with ASan and UBSan (installs clang if missing)
	@tools/setup.sh
	@tools/setup.sh fuzz
	@$(MAKE) build PRESET=fuzz
	@tools/fuzz.sh build/fuzz $${FUZZ_SECONDS:-60}

pictures: build  ## the pictures of docs/pictures, from the page as the browser shows it
	@tools/setup.sh test
	@BELTLINE_PICTURES=1 ctest --preset $(PRESET) -R 'program.(page_(run|use)|tutorial)'

docs:  ## the generated reference pages: docs/scenario.md, docs/diagnostics.md
	@$(MAKE) build PRESET=release
	@$(BELTLINE) docs docs

profiles: setup  ## published kernels into build/profiles for --profiles, and how well they interpolate (82 MB, PyPI)
	@mkdir -p build/profiles
	@ls build/profiles/*.whl >/dev/null 2>&1 || \
	  .venv/bin/python3 "$$(echo /usr/share/python-wheels/pip-*.whl)/pip" download --quiet --disable-pip-version-check \
	    --no-deps --require-hashes --only-binary :all: --platform manylinux_2_28_x86_64 --python-version 3.11 \
	    --implementation cp --abi abi3 --dest build/profiles -r tools/profiles_requirements.txt
	@$(MAKE) build PRESET=release
	@cmake --build --preset release --parallel $(JOBS) --target beltline_profile_errors
	@build/release/bin/beltline_profile_errors build/profiles/*.whl

efficiencies: profiles  ## data/efficiency/kernels.csv, fitted anew on the published kernels
	@cmake --build --preset release --parallel $(JOBS) --target beltline_fit_kernels
	@build/release/bin/beltline_fit_kernels build/profiles/*.whl data/efficiency/kernels.csv

clean:  ## what was built; .venv and runs stay
	@rm -rf build

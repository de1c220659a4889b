#!/bin/sh
# Pins again what the *.in files beside this name: newest releases that work together on Python 3.11.
#   requirements/pin.sh               keep every pin that still fits, add what is new
#   requirements/pin.sh --upgrade     take the newest of everything
# Everything is solved once (requirements-dev.txt); the smaller files take their versions from it.
set -eu
cd "$(dirname "$0")/.."

pin() { # pin SOURCE TARGET [OPTION…]
    source=requirements/$1 target=$2
    shift 2
    .venv/bin/uv pip compile --quiet --python-version 3.11 --no-header --no-annotate \
        "$source" --output-file "$target" "$@"
}

pin dev.in requirements-dev.txt "$@"
pin home.in requirements-home.txt --upgrade --constraints requirements-dev.txt
pin deployed.in requirements.txt --upgrade --constraints requirements-dev.txt
pin ocr.in ocr/requirements.txt --upgrade --constraints requirements-dev.txt
pin lint.in infra/requirements-lint.txt "$@"
pin emulator.in infra/requirements-emulator.txt --constraints ocr/requirements.txt "$@"

#!/usr/bin/env bash
# How khabar is set up and checked, as commands that run.
#
#   ./run.sh test     everything is installed into .venv, then lint, types, import rules and all tests
set -euo pipefail
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3.11}
command -v "$PYTHON" >/dev/null || PYTHON=python3
BIN=.venv/bin

setup() {
    [ -x $BIN/python ] || "$PYTHON" -m venv .venv
    $BIN/python -m pip install --quiet -c constraints.txt -e '.[dev]'
}

check() {
    $BIN/ruff check .
    $BIN/ruff format --check .
    $BIN/mypy
    $BIN/lint-imports
}

case "${1:-help}" in
    setup) setup ;;
    check) check ;;
    test)
        setup
        check
        $BIN/python -m pytest
        ;;
    *) sed -n '2,5p' "$0" ;;
esac

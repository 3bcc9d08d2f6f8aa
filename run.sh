#!/usr/bin/env bash
# How khabar is set up, tried and checked, as commands that run.
#
#   ./run.sh demo     a slim .venv (no torch), the samples of seeds/ into a lake, who did what to whom out of it
#   ./run.sh test     everything is installed into .venv, then lint, types, import rules and all tests
#   ./run.sh check    lint, types and import rules alone
set -euo pipefail
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3.11}
command -v "$PYTHON" >/dev/null || PYTHON=python3
BIN=.venv/bin

environment() {
    [ -x $BIN/python ] || "$PYTHON" -m venv .venv
}

# camel-tools asks for torch and transformers; the default path uses its light modules only.
slim() {
    environment
    $BIN/python -c 'import apache_beam, camel_tools, duckdb, pycrfsuite, trafilatura' 2>/dev/null && return
    $BIN/python -m pip install --quiet --no-deps -c constraints.txt camel-tools
    $BIN/python -m pip install --quiet -c constraints.txt -r requirements-slim.txt
    $BIN/python -m pip install --quiet --no-deps -e .
}

full() {
    environment
    $BIN/python -m pip install --quiet -c constraints.txt -e '.[dev]'
}

check() {
    $BIN/ruff check .
    $BIN/ruff format --check .
    $BIN/mypy
    $BIN/lint-imports
}

case "${1:-help}" in
    demo)
        slim
        rm -rf lake
        $BIN/python -m pipelines ingest --input seeds --lake lake --logical-date 2024-06-01
        $BIN/python -m pipelines show lake --limit 25
        ;;
    check) check ;;
    test)
        full
        check
        $BIN/python -m pytest
        ;;
    *) sed -n '2,6p' "$0" ;;
esac

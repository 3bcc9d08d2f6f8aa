#!/usr/bin/env bash
# How khabar is set up, tried and checked, as commands that run.
#
#   ./run.sh demo     a slim .venv (no torch), the samples of seeds/ into demo-lake, who did what to whom out of it
#   ./run.sh test     everything is installed into .venv, then lint, types, import rules and all tests
#   ./run.sh check    lint, types and import rules alone, with the tools that `test` installs
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
    echo "khabar: installing into .venv without torch; a minute or several, by your network" >&2
    # pip would complain in red of torch, which is left out on purpose.
    local install="$BIN/python -m pip install --quiet --no-warn-conflicts -c constraints.txt"
    $install --no-deps camel-tools
    $install -r requirements-slim.txt
    $install --no-deps -e .
}

full() {
    environment
    echo "khabar: installing everything into .venv, torch too; several minutes the first time" >&2
    $BIN/python -m pip install --quiet -c constraints.txt -e '.[dev]'
}

check() {
    for tool in ruff mypy lint-imports; do
        [ -x $BIN/$tool ] && continue
        echo "run.sh: $BIN/$tool is not there: ./run.sh test installs the tools, and checks" >&2
        exit 2
    done
    $BIN/ruff check .
    $BIN/ruff format --check .
    $BIN/mypy
    $BIN/lint-imports
}

case "${1:-help}" in
    demo)
        slim
        rm -rf demo-lake
        $BIN/python -m pipelines ingest --input seeds --lake demo-lake --logical-date 2024-06-01
        $BIN/python -m pipelines show demo-lake --limit 25
        ;;
    check) check ;;
    test)
        full
        check
        $BIN/python -m pytest
        ;;
    help | -h | --help) sed -n '2,6p' "$0" ;;
    *)
        echo "run.sh: no command '$1'" >&2
        sed -n '2,6p' "$0" >&2
        exit 2
        ;;
esac

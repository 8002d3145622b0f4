#!/bin/sh
# Install the Debian packages that are missing: packages.sh run|test
# Looks for what is used, not for package names; without root or sudo it names what is missing in one line.
set -eu
missing=""
need() { missing="$missing $1"; }

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    { echo "Diperlukan Python 3.11 atau lebih baru (PYTHON=... make ...)." >&2; exit 1; }
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_library libpango-1.0.so.0 || need libpango-1.0-0
has_library libpangoft2-1.0.so.0 || need libpangoft2-1.0-0
has_library libharfbuzz-subset.so.0 || need libharfbuzz-subset0
command -v node >/dev/null || need nodejs
command -v npm >/dev/null || need npm
if [ "${1:-run}" = test ]; then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
    [ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || need chromium
    command -v pdftotext >/dev/null || need poppler-utils
    command -v qpdf >/dev/null || need qpdf
    [ -f /usr/lib/softhsm/libsofthsm2.so ] || need softhsm2
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then sudo=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo"
else
    echo "Paket Debian belum terpasang. Jalankan sebagai root: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
case "$missing" in *postgresql*)
    # Tests start a server of their own; without this line the package would start one on port 5432.
    $sudo mkdir -p /etc/postgresql-common
    grep -qs create_main_cluster /etc/postgresql-common/createcluster.conf ||
        echo "create_main_cluster = false" | $sudo tee -a /etc/postgresql-common/createcluster.conf >/dev/null ;;
esac
echo "Memasang paket Debian:$missing"
$sudo apt-get update -q >/dev/null
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null

#!/usr/bin/env bash
# Installs what is missing: system packages (said before it is done) and the Python environment .venv.
#   scripts/setup.sh run    what the product needs       scripts/setup.sh test   also what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-run}"

say() { printf '%s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 2; }

python="${PYTHON:-}"
if [ -z "$python" ]; then
  for name in python3.11 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
      python="$(command -v "$name")"; break
    fi
  done
fi

packages=()
need() { # need COMMAND PACKAGE...: the packages, where the command is not there
  command -v "$1" >/dev/null || [ -x "$1" ] || packages+=("${@:2}")
}
need tesseract tesseract-ocr
[ -n "$(find /usr/share/tesseract-ocr /usr/share/tessdata -name fra.traineddata 2>/dev/null | head -n 1)" ] ||
  packages+=(tesseract-ocr-fra)
[ -n "$python" ] || packages+=(python3.11 python3.11-venv)
if [ -n "$python" ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then packages+=(python3.11-venv); fi
if [ "$purpose" = test ]; then
  need /usr/bin/chromium chromium
  command -v pg_dump >/dev/null || packages+=(postgresql-client)
  need /usr/sbin/dovecot dovecot-imapd
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  need git git
  [ -d /usr/share/fonts/truetype/dejavu ] || packages+=(fonts-dejavu-core)
  [ -d /usr/share/fonts/truetype/liberation ] || packages+=(fonts-liberation)
fi

if [ "${#packages[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null ||
    die "please install these by hand (no apt-get here): ${packages[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null ||
      die "missing system packages, and no root rights to install them. As root: apt-get install ${packages[*]}"
    as_root=(sudo)
  fi
  say "Installing system packages with apt-get: ${packages[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  # No server may start by itself: the tests start their own, on loopback.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  [ -n "$python" ] || python="$(command -v python3.11)"
fi

lock=requirements.lock
[ "$purpose" = test ] && lock=requirements-dev.lock
stamp=".venv/.installed-$purpose-$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  say "Installing Python packages into .venv (about 1.5 GB, a few minutes the first time)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  rm -f .venv/.installed-"$purpose"-*
  touch "$stamp"
fi

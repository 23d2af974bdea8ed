#!/usr/bin/env bash
# Install the system packages that the tests use, where that is allowed: Debian or Ubuntu, as root.
# Elsewhere it names what is missing; the tests that need it are then skipped with a clear word.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v caddy >/dev/null || missing+=(caddy)
command -v node >/dev/null || missing+=(nodejs npm)
ldconfig -p 2>/dev/null | grep -q libgomp || missing+=(libgomp1)

[ ${#missing[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  for package in "${missing[@]}"; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "could not install $package; its tests are skipped" >&2
  done
else
  echo "not installed, so their tests are skipped: ${missing[*]}" >&2
fi

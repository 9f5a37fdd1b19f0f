#!/bin/sh
# A browser for the tests of reports: what is there, else Debian's Chromium, else Playwright's own.
# Without any the tests that need one are skipped and say so.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing chromium, for the tests of reports in a browser (once)' >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
"${1:-python3}" -m playwright install chromium >/dev/null 2>&1 && exit 0
echo 'there is no browser here, and none can be installed: tests in a browser are skipped' >&2

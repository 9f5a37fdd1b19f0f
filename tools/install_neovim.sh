#!/bin/sh
# Neovim for the tests of the language server in a second, independent editor; without it they are skipped.
command -v nvim >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing neovim, for the tests of the language server (once)' >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends neovim >/dev/null && exit 0
fi
echo 'there is no Neovim here, and none can be installed: its tests are skipped' >&2

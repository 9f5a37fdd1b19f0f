#!/bin/sh
# The whole chain on the bundled shop, each command as one would type it: ingest, check, prove, diff, compile, explain.
# Works in `.demo/` of the checkout, from scratch. `nectarc` must be on the PATH (`make demo` sees to that).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$(dirname "$here")/.demo}
rm -rf "$folder"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi

say() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }

# Shows a command and runs it. Findings (status 1) are part of the story; anything else is not.
run() {
  printf '%s$ %s%s\n' "$bold" "$*" "$plain"
  status=0
  "$@" || status=$?
  if [ "$status" -gt 1 ]; then exit "$status"; fi
}

say 'A new project with the seed policy: keep 5xx, keep what takes over 5 s, one in a hundred of the rest.'
run nectarc init --quiet "$folder"
cd "$folder"
run cat policy.toon

say 'Real traces into its corpus: five services under load, and the traces of an incident.'
run nectarc ingest "$here/shop/corpus"
run nectarc ingest --must-keep "$here/shop/incidents"

say 'Does the policy read well?'
run nectarc check

say 'Is it safe on this traffic?'
run nectarc prove

trace=$(nectarc prove --format json | sed -n 's/.*e\.g\. trace \([0-9a-f]*\).*/\1/p' | head -n 1) || true
if [ -n "$trace" ]; then
  say 'Why is this one only sampled?'
  run nectarc explain --trace "$trace"
fi

say 'The one-line change clears it: what OpenTelemetry calls an error is kept, too.'
change='s/http.status >= 500,keep/http.status >= 500 || error,keep/'
printf '%s$ %s%s\n' "$bold" "sed -i.before '$change' policy.toon; mv policy.toon.before before.toon" "$plain"
sed -i.before "$change" policy.toon
mv policy.toon.before before.toon
run nectarc prove

say 'What does the change do, to any trace and to this traffic?'
run nectarc diff before.toon policy.toon --corpus corpus
rm before.toon

say 'The rules that Refinery runs.'
run nectarc compile
run cat rules.yaml
run nectarc verify

say 'What each rule keeps, in words.'
run nectarc explain

say "Yours to play with: cd $(pwd)"

#!/usr/bin/env bash
# Keeps what a release writes to other nodes and to the journal: one line a manifest, read by tests of every later version. Run once for a release, never again for the same one.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
wire="$root/tests/Shared.Tests/Wire"
version=$(grep -oP '<Version>\K[^<]+' "$root/Directory.Build.props")
released="$wire/Released/$version.txt"
if [[ -e $released ]]; then
  echo "$released is there already: raise <Version> in Directory.Build.props first" >&2
  exit 1
fi

for golden in "$wire"/Golden/*.json; do
  name=$(basename "$golden" .json)
  echo "${name%-*}/${name##*-} $(<"$golden")"
done >"$released"
echo "wrote $released"

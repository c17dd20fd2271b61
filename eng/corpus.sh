#!/usr/bin/env bash
# Writes the detection corpus, scans it as anybody would, and says what was found. Exit code 1 where a target is missed:
# every file that acts flagged by behaviour, every dormant one at least suspicious, at most one benign file flagged.
# With a folder as argument, what is made and scanned stays there; DYNAHUG_DATA names a data folder whose profiles and images are used.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"

work=${1:-artifacts/corpus}
missing=$(missing_packages "${runtime_packages[@]}" python3-h5py)
[[ -z $missing ]] || fail "these Debian packages are missing: ${missing//$'\n'/ }"

if [[ ! -f $work/files/truth.json ]]; then
  rm -rf "$work/files"
  mkdir -p "$work"
  echo "writing the corpus into $work/files ..." >&2
  /usr/bin/python3 -s -B src/LocalHub/Samples/make_corpus.py --out "$work/files" --seed 1
fi

# Exit code 1 says that something is flagged, 2 that some files are unknown: both are so here.
status=0
./dynahug scan --data "${DYNAHUG_DATA:-$work/data}" --format json "$work/files" >"$work/records.json" || status=$?
[[ $status -le 2 && -s $work/records.json ]] || exit "$status"
exec /usr/bin/python3 -s -B eng/summarise_corpus.py "$work/files/truth.json" "$work/records.json"

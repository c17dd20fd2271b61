#!/usr/bin/env bash
# Measures the crawler, for docs/performance.md: a download against curl, reading in part against reading whole, and the listing of a generated hub into
# entities with the coordinator's peak memory. usage: eng/measure_crawler.sh download|sparse|listing [REPOS]
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"
find_dotnet
program=src/Coordinator/bin/Release/net10.0/dynahug.dll
benchmarks=tests/Benchmarks/bin/Release/net10.0/DynaHug.Benchmarks.dll
work=$(mktemp -d)
started=()

finish() {
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Starts a hub over $work/hub with further options; its address is in $hub afterwards.
serve() {
  mkdir -p "$work/hub"
  "$dotnet" "$program" hub serve "$work/hub" --port 0 "$@" >"$work/hub.log" 2>&1 &
  started+=($!)
  until hub=$(grep -o 'http://[^ ]*' "$work/hub.log" | head -n 1) && [[ -n $hub ]]; do sleep 0.2; done
  hub=${hub%/}
}

case ${1:-} in
download)
  mkdir -p "$work/hub/acme/big"
  head -c 2147483648 /dev/urandom >"$work/hub/acme/big/model.bin"
  serve
  curl -sf "$hub/api/models/acme/big" >/dev/null # the hub hashes the file once
  for run in 1 2 3; do
    curl -sfL -o "$work/curl.out" -w "curl: %{time_total} s, %{speed_download} B/s\n" "$hub/acme/big/resolve/main/model.bin"
    rm "$work/curl.out"
    TMPDIR=$work "$dotnet" "$benchmarks" crawler download "$hub" acme/big model.bin
    rm -rf "$work"/dynahug-measure-*
  done
  ;;
sparse)
  /usr/bin/python3 -s -B tests/Benchmarks/write_big_models.py "$work/hub"
  serve
  TMPDIR=$work "$dotnet" "$benchmarks" crawler sparse "$hub"
  ;;
listing)
  repos=${2:-100000}
  serve --synthetic "$repos"
  begin=$SECONDS
  "$dotnet" "$program" up --hub "$hub" --data "$work/data" --roles coordinator --port 0 --poll 86400 >"$work/up.log" 2>&1 &
  coordinator=$!
  started+=("$coordinator")
  until page=$(grep -o 'dashboard *http://[^ ]*' "$work/up.log" | grep -o 'http.*') && [[ -n $page ]]; do sleep 0.2; done
  while sleep 5; do
    listed=$(curl -sf "${page%/}/api/hub" | grep -o '"listed":[0-9]*' | grep -o '[0-9]*$' || echo 0)
    memory=$(awk '/VmHWM/ {print $2 / 1024}' "/proc/$coordinator/status")
    echo "$((SECONDS - begin)) s: $listed repos listed, peak memory $memory MB"
    [[ $listed -lt $repos ]] || break
  done
  ;;
*)
  echo "usage: eng/measure_crawler.sh download|sparse|listing [REPOS]" >&2
  exit 4
  ;;
esac

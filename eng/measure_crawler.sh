#!/usr/bin/env bash
# Measures the crawler, for docs/performance.md: a download against curl, reading in part against reading whole, the listing of a generated hub into
# entities with the coordinator's peak memory, and the time from a webhook to a verdict. usage: eng/measure_crawler.sh download|sparse|webhook|listing [REPOS]
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
  until hub=$(grep -so 'http://[^ ]*' "$work/hub.log" | head -n 1) && [[ -n $hub ]]; do sleep 0.2; done
  hub=${hub%/}
}

case ${1:-} in
download)
  mkdir -p "$work/hub/acme/big"
  head -c 2147483648 /dev/urandom >"$work/hub/acme/big/model.bin"
  serve
  curl -sf "$hub/api/models/acme/big" >/dev/null # the hub hashes the file once
  for run in 1 2 3; do
    begin=$EPOCHREALTIME
    curl -sfL -o "$work/curl.out" -w "curl: %{time_total} s" "$hub/acme/big/resolve/main/model.bin"
    sync "$work/curl.out"
    awk -v from="$begin" -v to="$EPOCHREALTIME" 'BEGIN { printf ", %.2f s until it is on disk\n", to - from }'
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
  TMPDIR=$work "$dotnet" "$benchmarks" crawler listing "${2:-100000}"
  ;;
webhook)
  # How long it takes from a webhook to the verdict, on a node that has nothing else to do.
  sample=src/LocalHub/Samples/make_sample.py
  serve
  DYNAHUG_WEBHOOK_SECRET=agreed "$dotnet" "$program" up --hub "$hub" --data "$work/data" --port 0 --poll 86400 >"$work/up.log" 2>&1 &
  started+=($!)
  until grep -q 'watching for new pushes' "$work/up.log"; do sleep 0.5; done
  page=$(grep -o 'dashboard *http://[^ ]*' "$work/up.log" | grep -o 'http.*' | head -n 1)
  page=${page%/}
  for run in 0 1 2 3 4 5; do # number 0 makes the sandbox's checkpoint
    /usr/bin/python3 -s -B "$sample" --technique os-system --seed "$((run + 1))" --out "$work/model.pkl"
    "$dotnet" "$program" hub push "$work/hub" "newcomer/fresh-$run" "$work/model.pkl" >/dev/null
    begin=$EPOCHREALTIME
    curl -sf -H 'X-Webhook-Secret: agreed' -H 'Content-Type: application/json' "$page/webhooks/hub" \
      -d "{\"event\":{\"action\":\"create\",\"scope\":\"repo\"},\"repo\":{\"type\":\"model\",\"name\":\"newcomer/fresh-$run\"}}"
    until curl -sf "$page/api/v1/verdicts/newcomer/fresh-$run" | grep -q '"label":"malicious"'; do sleep 0.1; done
    awk -v from="$begin" -v to="$EPOCHREALTIME" -v run="$run" 'BEGIN { printf "%s: verdict %.1f s after the webhook\n", run, to - from }'
  done
  ;;
*)
  echo "usage: eng/measure_crawler.sh download|sparse|webhook|listing [REPOS]" >&2
  exit 4
  ;;
esac

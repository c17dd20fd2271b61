#!/usr/bin/env bash
# Installs what the tests need, checks the format, builds everything with warnings as errors and runs all tests.
# Ends with one line, "N passed, N failed, N skipped", and exit code 0 only if nothing failed and every test project ran.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"

# The pages are tested in a real browser, shared databases on a real server, metrics by who scrapes them, certificates as openssl makes them.
test_packages=("${runtime_packages[@]}" chromium postgresql prometheus openssl)
project_seconds=2400
results="$root/artifacts/tests"

step() {
  printf '\n== %s (%d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

install_what_tests_need() {
  if ! command -v dpkg-query >/dev/null; then
    echo "this is no Debian; tests that need these packages will be skipped: ${test_packages[*]}"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "${test_packages[@]}")
  if [[ ${#missing[@]} -gt 0 ]]; then
    print_install_commands "${missing[@]}"
    install_packages "${missing[@]}"
  fi
}

run_test() {
  local name=$1 code=0
  timeout --kill-after=30 "$project_seconds" "$dotnet" "tests/$name/bin/Release/net10.0/DynaHug.$name.dll" \
    -noLogo -noColor -trait- length=long -xml "$results/$name.xml" </dev/null >"$results/$name.log" 2>&1 || code=$?
  step "$name has ended"
  if [[ $code -ne 0 ]]; then
    tail -n 200 "$results/$name.log"
    echo "$name ended with exit code $code$([[ $code -ne 124 && $code -ne 137 ]] || echo " (more than $project_seconds s)")"
  else
    tail -n 2 "$results/$name.log"
  fi
}

# Two projects at a time, those that take long first: sandboxes and browsers wait for much else than a processor.
run_tests() {
  rm -rf "$results"
  mkdir -p "$results"
  local name
  for name in EndToEnd.Tests Coordinator.Tests Worker.Tests $(other_tests); do
    while [[ $(jobs -rp | wc -l) -ge 2 ]]; do
      wait -n
    done
    run_test "$name" &
  done
  wait
}

other_tests() {
  local project
  for project in tests/*/*.Tests.csproj; do
    basename "$project" .csproj
  done | grep -vxE '(EndToEnd|Coordinator|Worker)\.Tests'
}

step "Debian packages"
install_what_tests_need
find_dotnet
require_sdk

step "format"
"$dotnet" format whitespace . --folder --verify-no-changes --exclude artifacts

step "build"
"$dotnet" build DynaHug.sln -c Release -m:2 -nodeReuse:false -p:UseSharedCompilation=false --nologo -v q -clp:NoSummary </dev/null

step "tests"
run_tests

echo "left out here: tests of length=long, hundreds of loads in the sandbox; eng/long_tests.sh runs them"
step "summary"
exec /usr/bin/python3 eng/summarise_tests.py "$results" tests/*/*.Tests.csproj

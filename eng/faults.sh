#!/usr/bin/env bash
# Runs the whole fault suite: real nodes, a real PostgreSQL server and a hub, with what befalls them; and what else of whole nodes takes minutes. build.sh runs its short form. Takes half an hour and more.
# With a commit as its argument the rolling restart begins with nodes of that commit's build: eng/faults.sh v0.1.0
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"
find_dotnet
require_sdk
if [[ $# -gt 0 ]]; then
  former=$(mktemp -d)
  trap 'git worktree remove --force "$former"' EXIT
  git worktree add --quiet --detach "$former" "$1"
  "$dotnet" build "$former/src/Coordinator/Coordinator.csproj" -c Release --nologo -v q </dev/null
  export DYNAHUG_FORMER="$former/src/Coordinator/bin/Release/net10.0/dynahug.dll"
fi

"$dotnet" build tests/EndToEnd.Tests/EndToEnd.Tests.csproj -c Release --nologo -v q </dev/null
"$dotnet" tests/EndToEnd.Tests/bin/Release/net10.0/DynaHug.EndToEnd.Tests.dll -noLogo -noColor -showLiveOutput -namespace DynaHug.EndToEnd.Tests.Faults -class DynaHug.EndToEnd.Tests.CanarySpecs -class DynaHug.EndToEnd.Tests.PinSpecs -class DynaHug.EndToEnd.Tests.BucketSpecs

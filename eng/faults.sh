#!/usr/bin/env bash
# Runs the whole fault suite: real nodes, a real PostgreSQL server and a hub, with what befalls them; and what else of whole nodes takes minutes. build.sh runs its short form. Takes ten minutes and more.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"
find_dotnet
require_sdk
"$dotnet" build tests/EndToEnd.Tests/EndToEnd.Tests.csproj -c Release --nologo -v q </dev/null
exec "$dotnet" tests/EndToEnd.Tests/bin/Release/net10.0/DynaHug.EndToEnd.Tests.dll -noLogo -noColor -showLiveOutput -namespace DynaHug.EndToEnd.Tests.Faults -class DynaHug.EndToEnd.Tests.CanarySpecs -class DynaHug.EndToEnd.Tests.PinSpecs -class DynaHug.EndToEnd.Tests.BucketSpecs

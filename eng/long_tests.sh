#!/usr/bin/env bash
# Runs the tests that build.sh leaves out: every honest format and sixty attacks, each in the real sandbox. Takes some ten minutes.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
# shellcheck source=eng/common.sh
source "$root/eng/common.sh"
cd "$root"
find_dotnet
require_sdk
"$dotnet" build tests/Worker.Tests/Worker.Tests.csproj -c Release --nologo -v q </dev/null
exec "$dotnet" tests/Worker.Tests/bin/Release/net10.0/DynaHug.Worker.Tests.dll -noLogo -noColor -trait length=long

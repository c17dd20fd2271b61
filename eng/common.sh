# Shared by dynahug and build.sh. Sourced, with "root" set to the folder of the repository.
# shellcheck shell=bash disable=SC2034,SC2154

# What loads and traces models: the sandbox, and the libraries that the loader knows.
runtime_packages=(runsc util-linux python3 python3-numpy python3-torch python3-joblib python3-sklearn python3-dill python3-cloudpickle python3-pandas
  python3-py7zr python3-lz4 python3-zstandard)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# Sets "dotnet" to the first program of that name that can be started.
find_dotnet() {
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
    if [[ -x $candidate && ! -d $candidate ]]; then
      dotnet=$candidate
      return
    fi
  done
  fail "dotnet was not found; install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) or set DOTNET_ROOT to its folder"
}

require_sdk() {
  local sdks
  sdks=$("$dotnet" --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ') || true
  [[ " $sdks" == *" 10."* ]] ||
    fail "$dotnet has no SDK 10 (it has: ${sdks:-none}); install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0)"
  # The SDK wants a home for its caches; a bare environment has none.
  if [[ -z ${HOME:-} ]]; then
    export HOME="$root/artifacts/home"
    mkdir -p "$HOME"
  fi
}

# Prints those of the given Debian packages that are not installed.
missing_packages() {
  local package installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null) || true
  for package in "$@"; do
    [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || printf '%s\n' "$package"
  done
}

# Sets "as_root" to what must stand before a command that needs root: nothing, or sudo.
find_as_root() {
  as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    as_root=(sudo)
  fi
}

print_install_commands() {
  find_as_root
  printf '  %s\n' "${as_root[*]:+${as_root[*]} }apt-get update" "${as_root[*]:+${as_root[*]} }apt-get install -y --no-install-recommends $*"
}

# Installs the given Debian packages. Takes root, or sudo.
install_packages() {
  find_as_root
  if [[ ${#as_root[@]} -gt 0 ]] && ! command -v sudo >/dev/null; then
    fail "installing takes root, and there is no sudo; run these commands as root: apt-get update && apt-get install -y --no-install-recommends $*"
  fi
  mkdir -p "$root/artifacts"
  local log="$root/artifacts/apt.log"
  if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
    </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "the packages could not be installed; all of apt's output is in $log"
  fi
}

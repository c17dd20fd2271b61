#!/usr/bin/env bash
# Writes an authority and a certificate for each named node, all valid for a few days: for tests, and to read how it is done.
# usage: eng/test_certificates.sh FOLDER NODE…
set -euo pipefail
umask 077

[[ $# -ge 2 ]] || { echo "usage: ${0##*/} FOLDER NODE…" >&2; exit 4; }
folder=$1
shift
days=7
mkdir -p "$folder"

new_key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$1"
}

new_key "$folder/authority.key"
openssl req -x509 -new -key "$folder/authority.key" -days $days -subj "/CN=dynahug test authority" \
  -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign" -out "$folder/authority.crt"

for node in "$@"; do
  new_key "$folder/$node.key"
  openssl req -new -key "$folder/$node.key" -subj "/CN=$node" |
    openssl x509 -req -CA "$folder/authority.crt" -CAkey "$folder/authority.key" -CAcreateserial -days $days -out "$folder/$node.crt" \
      -extfile <(printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth,clientAuth" "subjectAltName=DNS:$node") 2>/dev/null
done

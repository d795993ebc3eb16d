#!/bin/sh
# Make an authority in the folder $1, what it signs, and what it does not.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
mkdir -p "$1"
cd "$1"

new() { # name of the files, further arguments of openssl req
    name=$1
    shift
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 800 \
        -keyout "$name.key" -out "$name.crt" "$@" 2>/dev/null
    cat "$name.key" "$name.crt" >"$name.pem"
}

new ca -subj "/CN=Provider's authority" -addext keyUsage=critical,keyCertSign,cRLSign
new provider -CA ca.crt -CAkey ca.key -subj /CN=smart.example.com \
    -addext subjectAltName=DNS:smart.example.com,DNS:second.example.com -addext basicConstraints=critical,CA:FALSE
new other -CA ca.crt -CAkey ca.key -subj /CN=other.example.com \
    -addext subjectAltName=DNS:other.example.com -addext basicConstraints=critical,CA:FALSE
new untrusted -subj /CN=untrusted.example.com \
    -addext subjectAltName=DNS:untrusted.example.com
cp untrusted.pem site.pem # until the site's authority has signed another

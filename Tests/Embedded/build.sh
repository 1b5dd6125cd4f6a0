#!/usr/bin/env bash
# The libraries as embedded Swift for WebAssembly: each as a module, and all as one, which then traces what the command traces.
#   Tests/Embedded/build.sh [COMMAND]      COMMAND is the hookwalk to compare with; swift build's release one when not given
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
triple=wasm32-unknown-none-wasm
resources="$(swiftc -print-target-info | sed -n 's/^ *"runtimeResourcePath": "\(.*\)",*$/\1/p')"
embedded="$resources/embedded/$triple"
# A tool of the toolchain, or else the system's.
find_tool() { if [ -x "$resources/../../bin/$1" ]; then echo "$resources/../../bin/$1"; else command -v "$1" || true; fi; }
if [ ! -f "$embedded/libswiftUnicodeDataTables.a" ]; then
  echo "skipped: this toolchain has no embedded standard library for $triple"
  exit 0
fi

swift_flags=(-target "$triple" -enable-experimental-feature Embedded -wmo -parse-as-library -swift-version 6
  -package-name hookwalk -warnings-as-errors)

# Each library as a module of its own: what is forbidden is found while the module is made.
each_module() {
  local library
  for library in ShellScript NetfilterModel RuleScripts Simulator FlowTesting; do
    find "Sources/$library" -name '*.swift' | sort >"$scratch/$library.files"
    swiftc "${swift_flags[@]}" -Onone -I "$scratch" -module-name "$library" \
      -emit-module-path "$scratch/$library.swiftmodule" "@$scratch/$library.files"
    echo "$library compiles"
  done
}

# All of them in one file, where no name may stand twice, and with the exports as one module.
one_module() {
  local file
  find Sources/ShellScript Sources/NetfilterModel Sources/RuleScripts Sources/Simulator Sources/FlowTesting -name '*.swift' | sort | while read -r file; do
    printf '#sourceLocation(file: "%s", line: 1)\n' "$file"
    sed -E 's/^ *import (ShellScript|NetfilterModel|RuleScripts|Simulator)$//' "$file"
  done >"$scratch/one.swift"
  swiftc "${swift_flags[@]}" -Osize -Xfrontend -disable-stack-protector -module-name Hookwalk \
    -c -o "$scratch/hookwalk.o" "$scratch/one.swift" Tests/Embedded/Exports.swift
  echo "all of them as one module compile"
}

each_module &
modules=$!
one_module &
one=$!
failed=no
wait "$modules" || failed=yes
wait "$one" || failed=yes
[ "$failed" = no ] || exit 1

clang="$(find_tool clang)"
linker="$(find_tool wasm-ld)"
if [ -z "$linker" ] || [ -z "$clang" ]; then
  echo "skipped linking and walking: needs wasm-ld and clang"
  exit 0
fi
"$clang" --target=wasm32-unknown-none-wasm -O2 -ffreestanding -fno-builtin -Wall -Wextra -Werror \
  -c -o "$scratch/support.o" Tests/Embedded/support.c
printf '%s\n' arc4random_buf putchar _swift_stdlib_strtod_clocale >"$scratch/imports"
"$linker" --no-entry --gc-sections --strip-all --stack-first -z stack-size=1048576 \
  --allow-undefined-file="$scratch/imports" -o "$scratch/hookwalk.wasm" \
  "$scratch/hookwalk.o" "$scratch/support.o" "$embedded/libswiftUnicodeDataTables.a"
echo "hookwalk.wasm: $(wc -c <"$scratch/hookwalk.wasm") bytes, $(gzip -9c "$scratch/hookwalk.wasm" | wc -c) with gzip"

if ! command -v node >/dev/null; then
  echo "skipped walking: needs node"
  exit 0
fi
command="${1:-$(swift build -c release --show-bin-path)/hookwalk}"
if [ ! -x "$command" ]; then
  echo "there is no $command to compare with: swift build -c release"
  exit 1
fi
# Both trace the same packets through the host of a folder.
compare() {
  local flags=() folder="$1"
  shift
  if [ "$1" = --explain ]; then
    flags=(--explain)
    shift
  fi
  local host="$folder/host.flow" rules="$folder/rules.v4"
  "$command" trace --host "$host" --color never "${flags[@]}" "$@" >"$scratch/native"
  node Tests/Embedded/run.mjs "$scratch/hookwalk.wasm" "${flags[@]}" "$host" "$rules" -- "$@" >"$scratch/wasm"
  if ! cmp "$scratch/native" "$scratch/wasm"; then
    diff "$scratch/native" "$scratch/wasm" || true
    exit 1
  fi
  echo "the same $(wc -l <"$scratch/native") lines: $1"
}
home=Fixtures/home-router
compare "$home" 'in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443' 'reply' 'wait 30s' 'again [.]'
compare "$home" --explain 'in on lan tcp 192.168.1.30:6002 > 93.184.216.34:443'
compare "$home" --explain 'in on lan tcp 192.168.1.50:6001 > 203.0.113.2:443' 'reply' 'flush conntrack' 'reply'
compare "$home" --explain 'in on wan icmp echo-request 198.51.100.7 > 203.0.113.2' \
  'local udp 203.0.113.2:68 > 198.51.100.1:67 data=00ff' 'in on guest tcp 192.168.50.9:7001 > 192.168.1.10:22'

# What that host has not: text beyond ASCII, and a number with a fraction.
mkdir "$scratch/host"
printf '%s\n' 'iface eth0 192.0.2.1/24' 'rules v4 rules.v4' >"$scratch/host/host.flow"
printf '%s\n' '*filter' '-A INPUT -m comment --comment "Grüße, 漢字" -p udp -j ACCEPT' \
  '-A INPUT -m statistic --mode random --probability 0.33333333349 -j DROP' 'COMMIT' >"$scratch/host/rules.v4"
compare "$scratch/host" --explain 'in on eth0 tcp 192.0.2.9:1000 > 192.0.2.1:22' 'in on eth0 udp 192.0.2.9:1000 > 192.0.2.1:22'

#!/usr/bin/env bash
# Feeds hostile input to every reader with libFuzzer, from the fixtures and Tests/Fuzz/Seeds on.
#   Tests/Fuzz/run.sh 60s                  60 seconds in all
#   Tests/Fuzz/run.sh 1000000              so many inputs for each reader
#   Tests/Fuzz/run.sh 1000000 addr json    only for these readers
# An input that is a finding is left in .build/fuzz/findings; `READER=addr Tests/Fuzz/run.sh FILE` reads it again.
set -euo pipefail
cd "$(dirname "$0")/../.."

amount="${1:-60s}"
shift || true
if [ $# -gt 0 ]; then readers=("$@"); else readers=(rules script flow json addr route rule sysctl packet bytes sets); fi
build=.build/fuzz
mkdir -p "$build/findings"

# Not every toolchain has libFuzzer.
echo '@_cdecl("LLVMFuzzerTestOneInput") public func one(_ p: UnsafePointer<UInt8>?, _ n: Int) -> CInt { 0 }' >"$build/probe.swift"
if ! swiftc -parse-as-library -sanitize=fuzzer,address "$build/probe.swift" -o "$build/probe" 2>/dev/null; then
  echo "skipped: this toolchain has no libFuzzer"
  exit 0
fi

flags=(-O -wmo -parse-as-library -swift-version 6 -package-name hookwalk -sanitize=fuzzer,address -I "$build")
sources() { find "Sources/$1" -name '*.swift' | LC_ALL=C sort; }
# A module is built again when its files or those of a lower one have changed.
stamp=""
for module in ShellScript NetfilterModel RuleScripts Simulator FlowTesting; do
  sources "$module" >"$build/$module.files"
  stamp="$({ echo "$stamp"; xargs cat <"$build/$module.files"; } | cksum)"
  if [ "$stamp" != "$(cat "$build/$module.stamp" 2>/dev/null || true)" ]; then
    swiftc "${flags[@]}" -module-name "$module" -emit-module-path "$build/$module.swiftmodule" \
      -c -o "$build/$module.o" "@$build/$module.files"
    echo "$stamp" >"$build/$module.stamp"
  fi
done
stamp="$({ echo "$stamp"; cat Tests/Fuzz/Readers.swift; } | cksum)"
if [ "$stamp" != "$(cat "$build/stamp" 2>/dev/null || true)" ]; then
  # lld says nothing about the sanitizer's symbols, of which other linkers print a line each.
  swiftc "${flags[@]}" -use-ld=lld -module-name Readers Tests/Fuzz/Readers.swift \
    "$build/ShellScript.o" "$build/NetfilterModel.o" "$build/RuleScripts.o" "$build/Simulator.o" "$build/FlowTesting.o" -o "$build/readers"
  echo "$stamp" >"$build/stamp"
fi

export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
if [ -f "$amount" ]; then
  HOOKWALK_READER="${READER:?names the reader}" exec "$build/readers" "$amount"
fi

# Seeds: what the fixtures hold, and a few small files for what they do not.
seed() { mkdir -p "$build/corpus/$1"; cp "$2" "$build/corpus/$1/$(echo "$2" | tr / _)"; }
for file in Fixtures/*/rules.v4 Fixtures/save/*.rules Fixtures/refused/*.rules; do seed rules "$file"; done
for file in Fixtures/scripts/*.sh; do seed script "$file"; done
for file in Fixtures/*/*.flow; do seed flow "$file"; done
for file in Fixtures/*/scenario.json; do seed json "$file"; done
for file in Tests/Fuzz/Seeds/*/*; do seed "$(basename "$(dirname "$file")")" "$file"; done
python3 Tests/Fuzz/packets.py "$build/corpus/bytes" Fixtures/*/kernel.json Tests/SimulatorTests/Recorded/log-lines.txt

for reader in "${readers[@]}"; do
  case "$amount" in
  *s) limit=(-max_total_time=$(((${amount%s} + ${#readers[@]} - 1) / ${#readers[@]}))) ;;
  *) limit=(-runs="$amount") ;;
  esac
  length=2048
  case "$reader" in rules | script | json) length=4096 ;; esac
  log="$build/$reader.log"
  dictionary=()
  if [ -f "Tests/Fuzz/$reader.dict" ]; then dictionary=("-dict=Tests/Fuzz/$reader.dict"); fi
  if ! HOOKWALK_READER="$reader" "$build/readers" -seed="${HOOKWALK_SEED:-1}" -max_len="$length" -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 "${dictionary[@]}" -artifact_prefix="$build/findings/$reader-" "${limit[@]}" "$build/corpus/$reader" \
    >"$log" 2>&1; then
    grep -aE 'Fatal error|ERROR|SUMMARY|Test unit written' "$log" || tail -n 20 "$log"
    echo "$reader: a finding; see $log"
    exit 1
  fi
  echo "$reader: $(grep -a number_of_executed_units "$log" | grep -oE '[0-9]+') inputs, none a finding"
done

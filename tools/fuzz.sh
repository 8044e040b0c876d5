#!/usr/bin/env bash
# tools/fuzz.sh BUILD_FOLDER SECONDS [NAME…]: each fuzzer for that long; no input may crash it or take over a second.
#
# New inputs that reach new code stay in build/fuzz/corpus/NAME; what crashes is left in build/fuzz/found/NAME-*.
# Seeds are tests/corpus/NAME and, for the scenario's parsers, the scenarios themselves.
set -euo pipefail
build=$1 seconds=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
shopt -s nullglob
found=0
for program in "$build"/bin/*_fuzz; do
  name=$(basename "$program" _fuzz)
  [[ $# -gt 0 && " $* " != *" $name "* ]] && continue
  found=$((found + 1))
  corpus=$build/corpus/$name
  mkdir -p "$corpus" "$build/found"
  seeds=()
  for folder in "$root/tests/corpus/$name" "$root/scenarios/first"; do
    [[ -d $folder ]] && seeds+=("$folder")
  done
  echo "fuzz: $name for $seconds s"
  # libFuzzer's clock is the wall's: a busy machine needs slack, so the slowest input is read from its report
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$build/found/$name-" "$corpus" "${seeds[@]}" 2>&1 | tee "$build/found/$name.log"
  slowest=$(sed -n 's/^stat::slowest_unit_time_sec: *//p' "$build/found/$name.log")
  ((${slowest:-0} <= 1)) || { echo "fuzz: an input of $name took $slowest s" >&2; exit 1; }
done
((found)) || { echo "fuzz: no fuzzer of that name in $build/bin" >&2; exit 1; }
echo "fuzz: $found fuzzers, no crash, no input over 1 s"

#!/usr/bin/env bash
# tools/soak.sh BUILD_FOLDER JOBS MINUTES: the tests again and again, in random order, until one fails or time is up.
#
# Tests that have a long form run it here: every call failed and 2,400 allocations, 1,500 flipped bits.
set -euo pipefail
build=$1 jobs=$2 minutes=$3
export BELTLINE_SOAK=1
end=$((SECONDS + minutes * 60))
round=0
# tests that draw faults draw more of them here
export BELTLINE_MUTANTS=${BELTLINE_MUTANTS:-2000}
while ((SECONDS < end)); do
  round=$((round + 1))
  echo "soak: round $round, $(((end - SECONDS) / 60)) minutes left"
  ctest --test-dir "$build" --output-on-failure --schedule-random --parallel "$jobs" --quiet ||
    { ctest --test-dir "$build" --output-on-failure --rerun-failed; exit 1; }
done
echo "soak: $round rounds without a failure"

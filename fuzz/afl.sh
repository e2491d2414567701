#!/usr/bin/env bash
# Coverage-guided fuzzing: fuzz/afl.sh TARGET [SECONDS]. Without SECONDS until Ctrl-C. Findings: artifacts/afl/found-TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:?usage: fuzz/afl.sh TARGET [SECONDS]}
seconds=${2:-}
room=$PWD/artifacts/afl
tool=$PWD/artifacts/tools/sharpfuzz

command -v afl-fuzz >/dev/null || { echo "afl.sh: no afl-fuzz (Debian: apt-get install afl++)" >&2; exit 1; }
[[ -d fuzz/corpus/$target ]] || { echo "afl.sh: no fuzz/corpus/$target" >&2; exit 1; }
[[ -x $tool ]] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path artifacts/tools

# The copy is instrumented, never the build itself.
dotnet build fuzz/Vrrpd.Fuzz -c Release -v quiet
rm -rf "$room/bin"
mkdir -p "$room/bin" "$room/found-$target"
cp -r artifacts/bin/Vrrpd.Fuzz/release/. "$room/bin"
"$tool" "$room/bin/Vrrpd.Core.dll"

# What each is for:
#   AFL_SKIP_BIN_CHECK                      afl sees `dotnet`, which has no instrumentation of its own
#   AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES   a core_pattern that pipes is no reason to stop: SharpFuzz reports failures itself
#   AFL_NO_AFFINITY                         do not claim a core of a shared machine
#   DOTNET_TieredCompilation=0              code compiled once: no changes of speed that look like behaviour
#   -m none                                 the runtime reserves address space by the gigabyte
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 DOTNET_TieredCompilation=0
afl-fuzz ${seconds:+-V "$seconds"} -t 5000 -m none -i "fuzz/corpus/$target" -o "$room/found-$target" \
    dotnet "$room/bin/Vrrpd.Fuzz.dll" run "$target"

# afl ends with 0 whatever it found.
crashes=$(find "$room/found-$target" -path '*/crashes/id*' | wc -l)
hangs=$(find "$room/found-$target" -path '*/hangs/id*' | wc -l)
echo "afl.sh: $crashes crashes, $hangs hangs under $room/found-$target"
[[ $crashes == 0 && $hangs == 0 ]]

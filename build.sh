#!/usr/bin/env bash
# The only entry point: everything that builds, checks, shows or measures vrrpd. `./build.sh help` lists it.
# Needs Debian 12 (or alike) and the .NET SDK that global.json names; `setup`, which the others call, brings the rest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly RID=linux-x64
readonly SIZE_BUDGET=$((4096 * 1024))      # bytes of one published file
readonly SUITE_TIMEOUT=900                      # seconds until a hanging test suite is stopped
readonly SIM_SEEDS=300                          # worlds of a simulated hour
readonly FUZZ_SECONDS="${VRRPD_FUZZ_SECONDS:-20}"
readonly RESULTS=artifacts/test-results

# No build servers: nothing of ours outlives the command that started it.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# ---------------------------------------------------------------------------------------------- what to install, and why

# package           why
readonly PACKAGES="
clang               publish: the C driver that links
lld                 publish: the linker; bfd asserts on static-pie
llvm                publish: llvm-objcopy splits the debug symbols off
binutils            publish: readelf, to check what came out
libc6-dev           publish: glibc as an archive, for out/vrrpd
musl-dev            publish: musl as an archive, for out/vrrpd-musl
iproute2            end-to-end, demo: network namespaces, veth, bridge, addresses
nftables            end-to-end: what the kernel has of our filter rules, in the words of its own tool
keepalived          end-to-end: the peer that must not notice a difference
frr                 end-to-end: another VRRP daemon that must not notice a difference
nginx-light         end-to-end, demo: the service behind the virtual address
tshark              end-to-end: a second opinion on every packet (and dumpcap)
tcpdump             demo: packets to watch
curl                end-to-end, demo: the client that fails over
procps              end-to-end, demo: ps, pgrep
psmisc              end-to-end: killall for track_script, as configurations use it
iputils-ping        end-to-end, demo: reachability of the virtual address
iputils-arping      end-to-end: who answers for the virtual address
"

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

ready=''

# Once per run, however many commands ask for it.
setup() {
    [[ -z $ready ]] || return 0
    say "setup: tools and packages"
    command -v dotnet >/dev/null || die "no 'dotnet': install the .NET SDK $(pinned_sdk) (https://dot.net/download)"
    setup_apt
    setup_nuget
    ready=yes
}

# install_apt PACKAGE... : without starting the services that some of them bring. A subshell: its trap always cleans up.
install_apt() (
    policy=/usr/sbin/policy-rc.d
    # Debian starts a service as it installs it; a keepalived, nginx or FRR on this host would be in the way of the tests and
    # of its owner. policy-rc.d with 101 says "do not start"; one that is already there (containers have it) stays.
    if [[ ! -e $policy ]]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    mkdir -p artifacts
    {
        as_root apt-get update -qq -o DPkg::Lock::Timeout=300 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "$@"
    } </dev/null >artifacts/apt.log 2>&1 || {
        tail -20 artifacts/apt.log >&2
        die "apt-get failed; all of it is in artifacts/apt.log"
    }
    # Nor at the next boot. Only packages that were not here before come this way.
    if [[ -d /run/systemd/system ]]; then
        if [[ " $* " == *" keepalived "* ]]; then as_root systemctl disable -q keepalived; fi
        if [[ " $* " == *" nginx-light "* ]]; then as_root systemctl disable -q nginx; fi
        if [[ " $* " == *" frr "* ]]; then as_root systemctl disable -q frr; fi
    fi
)

setup_apt() {
    local package why missing=()
    while read -r package why; do
        [[ -z $package ]] || installed "$package" || { missing+=("$package"); note "needs $package ($why)"; }
    done <<<"$PACKAGES"
    if [[ ${#missing[@]} == 0 ]]; then note "apt: everything is here"; return; fi
    command -v apt-get >/dev/null || die "no apt-get here: install the above with your own package manager"
    note "apt: installing ${#missing[@]} packages (their services stay stopped)"
    install_apt "${missing[@]}"
}

pinned_sdk() { sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json; }

# The lock files name the compiler packs of exactly one SDK; a later patch of it still builds, but other bytes.
setup_nuget() {
    local sdk
    sdk=$(dotnet --version) || die "global.json wants the .NET SDK $(pinned_sdk)"
    if [[ $sdk == "$(pinned_sdk)" ]]; then
        note "NuGet: restoring what the lock files say"
        dotnet restore Vrrpd.sln --locked-mode -v quiet
    else
        note "NuGet: SDK $sdk instead of $(pinned_sdk): the published bytes will differ from the pinned ones"
        dotnet restore Vrrpd.sln --force-evaluate -v quiet
    fi
}

# ---------------------------------------------------------------------------------------------- build and publish

build() {
    setup
    say "build: everything, warnings are errors"
    compile
}

compile() { dotnet build Vrrpd.sln -c Release --no-restore -warnaserror -v quiet; }

docs() {
    setup
    say "docs: the generated tables of docs/configuration.md and docs/check.md"
    VRRPD_WRITE_DOCS=1 dotnet test tests/Vrrpd.Core.Tests --no-restore -v quiet --filter FullyQualifiedName~DocsTests
}
format() {
    setup
    say "format: writing"
    dotnet format Vrrpd.sln --no-restore
}

publish() {
    setup
    say "publish: out/vrrpd (glibc) and out/vrrpd-musl"
    publish_one . glibc out/vrrpd
    publish_one . musl out/vrrpd-musl
    check_binary out/vrrpd
    check_binary out/vrrpd-musl
}

# publish_one SOURCES LIBC FILE
publish_one() {
    local into=artifacts/publish/vrrpd-$2
    (
        cd "$1"
        dotnet publish src/Vrrpd.Native -c Release -r $RID --no-restore -p:LibC="$2" -o "$into" -v quiet
        mkdir -p "$(dirname "$3")"
        cp "$into/vrrpd" "$3.new"
        mv "$3.new" "$3"                         # by name: a running one keeps its file
    )
}

# check_binary FILE: what docs/building.md promises about a published file.
check_binary() {
    local file=$1 size room headers said
    size=$(stat -c %s "$file")
    headers=$(readelf -hldW "$file")
    grep -q 'Type: *DYN ' <<<"$headers" && grep -q 'Flags:.*PIE' <<<"$headers" || die "$file: not position independent"
    ! grep -q 'INTERP' <<<"$headers" || die "$file: asks for a dynamic loader"
    ! grep -q '(NEEDED)' <<<"$headers" || die "$file: needs shared libraries"
    ! grep -q 'GNU_STACK.*RWE' <<<"$headers" || die "$file: executable stack"
    ((size <= SIZE_BUDGET)) || die "$file: $size bytes, the budget is $SIZE_BUDGET"
    room=''
    if [[ $(id -u) == 0 ]]; then
        room=$(mktemp -d)
        cp "$file" "$room/vrrpd"
        said=$(env -i "$(command -v chroot)" "$room" /vrrpd -v 2>&1) || die "$file: -v in an empty chroot ended with $?: $said"
        rm -rf "$room"
    else
        said=$(env -i "$PWD/$file" -v 2>&1) || die "$file: -v ended with $?: $said"
    fi
    note "$file: static-pie, $size bytes, -v ${room:+in an empty chroot }says: ${said%%$'\n'*}"
    note "sha256 $(sha256sum "$file")"
}

# The same bytes from the same sources, wherever they lie: build a copy elsewhere and compare.
reproduce() {
    local room libc file
    say "reproduce: the same bytes from another directory"
    room=$(mktemp -d)
    tar -c --exclude=./artifacts --exclude=./out --exclude=./.git . | tar -x -C "$room"
    dotnet restore "$room/src/Vrrpd.Native" -v quiet
    for libc in glibc musl; do
        file=out/vrrpd; [[ $libc == glibc ]] || file+=-musl
        publish_one "$room" $libc "$file"
        cmp "$file" "$room/$file" || die "$file: another directory gives other bytes (kept in $room)"
        note "$file: identical"
    done
    rm -rf "$room"
}

# ---------------------------------------------------------------------------------------------- tests

passed=0 failed=0 skipped=0

# The last line of `test` and `ci`, however they end: a step that stopped the run is one failure.
report() {
    local result=$?
    if [[ $result != 0 ]]; then note "stopped before its end (exit $result): one failure"; failed=$((failed + 1)); fi
    if [[ ${CI:-} == true && ${VRRPD_ALLOW_SKIP:-} != 1 && $skipped != 0 ]]; then
        note "$skipped skipped: in CI everything has to run, so they count as failed (VRRPD_ALLOW_SKIP=1 permits it)"
        failed=$((failed + skipped)) skipped=0
    fi
    say "result"
    if [[ $skipped == 0 ]]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
    trap - EXIT
    [[ $failed == 0 ]] || exit 1
    exit 0
}

outcomes() { grep -oE '<UnitTestResult [^>]*' "$1" | grep -cE "outcome=\"($2)\"" || true; }

# suite PROJECT: one xunit project, counted from its TRX file. Silence is a failure: no file, or no test in it.
suite() {
    local name=$1 trx=$RESULTS/$1.trx result=0 good=0 bad=0 skip=0
    say "test: $name"
    rm -f "$trx"
    timeout -k 10 $SUITE_TIMEOUT dotnet test "tests/$name" -c Release --no-build --results-directory "$RESULTS" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" </dev/null || result=$?
    if [[ -f $trx ]]; then
        good=$(outcomes "$trx" 'Passed|PassedButRunAborted|Warning|Completed')
        bad=$(outcomes "$trx" 'Failed|Error|Timeout|Aborted')
        skip=$(outcomes "$trx" 'NotExecuted|NotRunnable|Inconclusive|Pending|InProgress|Disconnected')
    fi
    if ((good + bad + skip == 0)); then note "$name did not run (exit $result): one failure"; bad=1; fi
    if ((result != 0 && bad == 0)); then note "$name ended with $result although no test failed: one failure"; bad=1; fi
    count "$name" "$good" "$bad" "$skip"
}

# count NAME PASSED FAILED SKIPPED
count() {
    note "$1: $2 passed, $3 failed, $4 skipped"
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

# interop [PATTERN] : the matrix alone, as a table; PATTERN (a regular expression) names fewer cells.
interop() {
    local result=0
    publish
    compile
    rm -rf artifacts/interop artifacts/interop.log
    say "interop: vrrpd with itself, keepalived and FRR; tshark judges every frame"
    VRRPD_BINARY=$PWD/out/vrrpd VRRPD_INTEROP=${1:-} timeout -k 10 $SUITE_TIMEOUT dotnet test tests/Vrrpd.Netns.Tests -c Release --no-build \
        --filter FullyQualifiedName~InteropTests --logger "console;verbosity=quiet" </dev/null >artifacts/interop.log 2>&1 || result=$?
    if [[ -f artifacts/interop/matrix.txt ]]; then cat artifacts/interop/matrix.txt; else tail -40 artifacts/interop.log; fi
    [[ $result == 0 ]] || die "red: the story of each cell is in artifacts/interop/"
}

# The targets are the folders of the corpus.
fuzz_targets() {
    [[ -d fuzz/corpus ]] || return 0
    find fuzz/corpus -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort
}

# fuzz_bounded TARGET SEED: so many seconds, one test. The seed is said first, so that a hang can be repeated too.
fuzz_bounded() {
    say "fuzz: $1 for $FUZZ_SECONDS s (again: VRRPD_SEED=$2 ./build.sh fuzz $1)"
    timeout -k 10 $((FUZZ_SECONDS + 120)) dotnet run --project fuzz/Vrrpd.Fuzz -c Release --no-build -- \
        bounded "$1" --seconds "$FUZZ_SECONDS" --seed "$2" "fuzz/corpus/$1" </dev/null
}

suite_fuzz() {
    local target seed=${VRRPD_SEED:-$(date +%s)} targets
    targets=$(fuzz_targets)
    if [[ -z $targets ]]; then say "fuzz"; note "no targets under fuzz/corpus: one failure"; count fuzz 0 1 0; return; fi
    for target in $targets; do
        if fuzz_bounded "$target" "$seed"; then count "fuzz $target" 1 0 0; else count "fuzz $target" 0 1 0; fi
    done
}

# sim_seeds N: so many fresh worlds of an hour each, of which the first is said, so that a hang can be repeated too. A test for each.
sim_seeds() {
    local seeds=$1 first=${VRRPD_SEED:-$(date +%s%3N)} result=0
    say "sim: $seeds worlds (again: VRRPD_SEED=$first ./build.sh sim $seeds)"
    timeout -k 10 $SUITE_TIMEOUT dotnet run --project tests/Vrrpd.Sim -c Release --no-build -- --first "$first" --seeds "$seeds" </dev/null || result=$?
    if ((result > 100)); then note "sim ended with $result: all failed"; result=$seeds; fi
    count "sim" $((seeds - result)) "$result" 0
}

sim() {
    build
    sim_seeds "${1:-$SIM_SEEDS}"
    [[ $failed == 0 ]] || exit 1
}

run_suites() {
    suite Vrrpd.Core.Tests
    suite Vrrpd.Sim.Tests
    sim_seeds "$SIM_SEEDS"
    publish
    if [[ $(id -u) != 0 ]]; then note "not root: tests with network namespaces cannot run (VRRPD_ALLOW_SKIP=1 skips them)"; fi
    export VRRPD_BINARY=$PWD/out/vrrpd VRRPD_BINARY_MUSL=$PWD/out/vrrpd-musl
    suite Vrrpd.Native.Tests
    suite Vrrpd.Netns.Tests
    suite_fuzz
}

tests() {
    trap report EXIT
    build
    run_suites
}

ci() {
    trap report EXIT
    setup
    say "ci: is it formatted?"
    dotnet format Vrrpd.sln --no-restore --verify-no-changes || die "not formatted: run ./build.sh format"
    say "ci: build everything (fuzz targets and benchmarks too), warnings are errors"
    compile
    run_suites
    reproduce
}

# ---------------------------------------------------------------------------------------------- showing and measuring

demo() {
    publish
    say "demo"
    VRRPD_BINARY=$PWD/out/vrrpd bash demo/demo.sh "$@"
}

bench() {
    publish
    compile
    if [[ -f bench/run.sh ]]; then
        say "bench: the published binary"
        VRRPD_BINARY=$PWD/out/vrrpd bash bench/run.sh "$@"
    fi
    say "bench: the core, method by method"
    dotnet run --project bench/Vrrpd.Bench -c Release --no-build -- --quick
}

# fuzz            every target, bounded
# fuzz TARGET     one target, bounded
# fuzz afl TARGET until Ctrl-C, guided by coverage
fuzz() {
    local target
    build
    if [[ ${1:-} == afl ]]; then fuzz_afl "${2:?fuzz afl TARGET}"; return; fi
    for target in ${1:-$(fuzz_targets)}; do
        fuzz_bounded "$target" "${VRRPD_SEED:-$(date +%s)}"
    done
}

fuzz_afl() {
    local room=artifacts/afl tool=artifacts/tools/sharpfuzz
    installed afl++ || { note "needs afl++ (coverage-guided fuzzing)"; install_apt afl++; }
    [[ -x $tool ]] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path artifacts/tools
    rm -rf "$room/bin"; mkdir -p "$room/bin" "$room/found-$1"
    cp -r artifacts/bin/Vrrpd.Fuzz/release/. "$room/bin"
    "$tool" "$room/bin/Vrrpd.Core.dll"
    say "fuzz: afl on $1; Ctrl-C ends it; findings in $room/found-$1"
    AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 DOTNET_TieredCompilation=0 \
        afl-fuzz -t 5000 -m none -i "fuzz/corpus/$1" -o "$room/found-$1" dotnet "$room/bin/Vrrpd.Fuzz.dll" afl "$1"
}

clean() {
    say "clean: artifacts/ and out/ go"
    rm -rf artifacts out
}

help() {
    cat <<'TEXT'
usage: ./build.sh COMMAND...       several run one after the other; each brings the tools it needs

  setup      Debian packages and NuGet packages; says what and why; again costs seconds
  build      every project, warnings are errors
  test       all suites and bounded fuzzing; last line: N passed, N failed[, N skipped]  (root for the end-to-end part)
  sim        300 random worlds of a simulated hour; `sim N` of them; a failing one is told with how to repeat it
  interop    with keepalived and FRR in every way they can speak, as a table; `interop PATTERN` for some of it (root)
  demo       two daemons, one address, a failover to watch (root)
  publish    out/vrrpd and out/vrrpd-musl, static, checked
  reproduce  build a copy in another directory and compare the bytes
  bench      the published binary and the core, measured
  fuzz       every target bounded; `fuzz TARGET`, or `fuzz afl TARGET` until Ctrl-C
  docs       write the generated tables of docs/ from the program's own
  format     write the source style
  ci         what the pipeline runs: format check, build, test, reproduce
  clean      remove artifacts/ and out/

  VRRPD_SEED=N repeats a fuzz run, VRRPD_FUZZ_SECONDS=N is its length.
  VRRPD_ALLOW_SKIP=1 skips what this machine cannot run; without it, and CI=true, a skipped test is a failure.
TEXT
}

main() {
    [[ $# -gt 0 ]] || { help; exit 2; }
    case $1 in
        fuzz | bench | demo | sim | interop) "$@"; return ;;    # these take arguments
    esac
    local command
    for command; do
        case $command in
            setup | build | publish | docs | format | clean | help | ci | demo | bench | fuzz | sim | interop) $command ;;
            reproduce) publish; reproduce ;;
            test) tests ;;
            -h | --help) help ;;
            *) help >&2; die "unknown command '$command'" ;;
        esac
    done
}

main "$@"

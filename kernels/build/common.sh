# Compiling for the emulator: what is out of date, two files at a time. Read by emulator.sh and sanitizers.sh, which set OUT.

OUT=$(mkdir -p "$1" && cd "$1" && pwd)
SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$SCRIPTS/../src"

KERNELS=(main/cuda/*.cu)
SIMT=(test/simt/*.cpp)
DRIVER=(test/driver/*.cpp)

FLAGS=(-std=c++17 -O3 -g1 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Wno-unknown-pragmas
    -I main/cuda -I test/simt -I test/driver)
# fmaf has the same bits as one instruction and as a function call; it is slow only as the latter.
if grep -qw fma /proc/cpuinfo 2> /dev/null; then
    FLAGS+=(-mfma)
fi

# Whether $1 is older than anything it was made from; those are its source and, in $1.d, the headers.
stale() {
    local file
    [[ -e $1 && -e $1.d ]] || return 0
    for file in "$SCRIPTS"/*.sh $(sed -e 's/^made://' -e 's/\\$//' "$1.d"); do
        [[ -e $file && ! $file -nt $1 ]] || return 0
    done
    return 1
}

RUNNING=0
# compile FOLDER FLAGS... -- SOURCES...: object files in OUT/FOLDER, named in OBJECTS.
compile() {
    local folder=$OUT/$1 flags=() object source
    shift
    while [[ $1 != -- ]]; do
        flags+=("$1")
        shift
    done
    shift
    mkdir -p "$folder"
    for source; do
        object=$folder/$(basename "$source").o
        OBJECTS+=("$object")
        stale "$object" || continue
        if ((RUNNING == 2)); then
            wait -n
            RUNNING=$((RUNNING - 1))
        fi
        "${CXX:-g++}" "${FLAGS[@]}" "${flags[@]}" -MMD -MT made -MF "$object.d" -x c++ -c "$source" -o "$object" &
        RUNNING=$((RUNNING + 1))
    done
}

# Ends when all compilers have, or with the first that fails.
finish() {
    while ((RUNNING > 0)); do
        wait -n
        RUNNING=$((RUNNING - 1))
    done
}

# link FILE FLAGS_AND_OBJECTS...: again if the list or one of its files changed.
link() {
    local file=$OUT/$1 part
    shift
    if [[ -e $file && -e $file.list && $(< "$file.list") == "$*" ]]; then
        for part; do
            [[ $part == -* || ! $part -nt $file ]] || break
            part=
        done
        [[ -n $part ]] || return 0
    fi
    "${CXX:-g++}" "$@" -o "$file"
    echo "$*" > "$file.list"
}

#!/bin/bash
# ci/bundle.sh [OUT]: makes OUT/espalier-VERSION-linux-x86_64.tar.xz, at most 35 MB, which runs where there is no Java: this build, a
# Java runtime, OpenBLAS, the CUDA kernels with their driver, and the reference's answers in place of ND4J. Needs what the build
# needs, xz, and JAVA_HOME if `java` is not a JDK's; where there is no nvcc it makes a bundle without kernels, and says so.
set -euo pipefail
most=$((35 * 1000 * 1000))
platform=linux-x86_64
clone=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$clone/target}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$clone"
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}/bin

committed=$(TZ=UTC0 git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)
mvn -q -B -Prelease -DskipTests -Dproject.build.outputTimestamp="$committed" package
version=$(./espalier --version 2> /dev/null | sed -n 's/^espalier \([^ ]*\) .*/\1/p')
name=espalier-$version-$platform
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/$name
natives=$bundle/natives
mkdir -p "$bundle/lib" "$natives"

# The jars that the program reaches without ND4J, and two that it reaches by name only. Without slf4j JavaCPP is as silent as with
# the silent one of a clone.
libraries=experiments/target/lib
program=experiments/target/espalier-experiments-$version.jar
candidates=$(find "$libraries" -name '*.jar' ! -name 'nd4j-*' ! -name 'slf4j-*' -printf '%p:')
jars=("$program" "$libraries"/echarts-*.jar "$libraries"/jline-native-*.jar)
for jar in $("$jdk/jdeps" -s -R --multi-release 17 --ignore-missing-deps -cp "$candidates" "$program" 2> /dev/null |
  sed 's/ -> .*//' | sort -u); do
  if [ -f "$libraries/$jar" ]; then jars+=("$libraries/$jar"); fi
done

# extracted JAR FOLDER: everything in it.
extracted() {
  mkdir -p "$2"
  local jar=$PWD/$1
  (cd "$2" && "$jdk/jar" --extract --file "$jar")
}

# Native libraries lie in folders that are named as JavaCPP names them: it loads them from there and writes none into a home.
for binding in "$libraries"/{javacpp,openblas,cuda}-*-"$platform".jar; do
  extracted "$binding" "$work/bindings"
done
take() {
  local folder=$1 file
  shift
  mkdir -p "$natives/$folder/$platform"
  for file; do
    cp "$work/bindings/$folder/$platform/$file" "$natives/$folder/$platform/"
  done
}
take org/bytedeco/javacpp libjnijavacpp.so
take org/bytedeco/openblas libjniopenblas_nolapack.so libopenblas.so.0 libgfortran.so.5 libquadmath.so.0
take org/bytedeco/cuda libjnicudart.so
(cd "$natives/org/bytedeco/openblas/$platform" && mv libopenblas.so.0 libopenblas_nolapack.so.0)
if [ -d "kernels/target/classes/io/espalier/kernels/$platform" ]; then
  mkdir -p "$natives/io/espalier/kernels"
  cp -r "kernels/target/classes/io/espalier/kernels/$platform" "$natives/io/espalier/kernels/"
fi
missing=
for compiler in g++ nvcc; do command -v $compiler > /dev/null || missing=$compiler; done
if [ -z "$missing" ]; then
  kernels/build/driver.sh kernels/target/cuda > /dev/null
  cp kernels/target/cuda/kernel-driver "$natives/io/espalier/kernels/$platform/"
  ln -s "natives/io/espalier/kernels/$platform/kernel-driver" "$bundle/kernel-driver"
else
  rm -f "$natives/io/espalier/kernels/$platform/libespalier_kernels.so"
  echo "bundle: without kernels, for want of $missing; it runs on processors only" >&2
fi

# Jars hold what this platform loads and are not compressed: xz does that better. Of f2j, which is BLAS in Java, netlib's native
# half asks for the holders of numbers.
for jar in "${jars[@]}"; do
  # A library's name without its version is what the notices are for.
  library=$(basename "$jar" | sed 's/-[0-9].*//')
  [[ $library == espalier-* ]] || grep -qwF "$library" ci/bundle-notices.txt ||
    { echo "bundle: ci/bundle-notices.txt does not name $library" >&2; exit 1; }
  extracted "$jar" "$work/jar"
  find "$work/jar" '(' -name '*.dll' -o -name '*.jnilib' -o -name '*.so' ! -path '*x86_64*' ! -path '*amd64*' \
    -o -path '*/org/netlib/*' ! -path '*/netlib/util/*' -o -path "*/$platform/*" -o -path '*/native-image/*' -o -name pom.xml -o -path '*/webjars/*' ! -name echarts.min.js ')' \
    ! -type d -delete
  "$jdk/jar" --create --file "$bundle/lib/$(basename "$jar")" --no-manifest --no-compress -C "$work/jar" .
  rm -r "$work/jar"
done

# Image folders (java.desktop) and two formats of Jackson's (java.sql) are left out; netlib logs; TLS needs elliptic curves.
modules=$("$jdk/jdeps" --print-module-deps --multi-release 17 --ignore-missing-deps -cp "$candidates" "$program" "$libraries"/espalier-*.jar \
  2> /dev/null | tr ',' '\n' | grep -vx -e java.desktop -e java.sql | paste -sd,)
"$jdk/jlink" --add-modules "$modules,java.logging,jdk.crypto.ec" --strip-debug --no-header-files --no-man-pages --compress=0 \
  --output "$bundle/runtime" 2> /dev/null

cp espalier LICENSE ci/gpu.sh "$bundle/"
cp ci/bundle-notices.txt "$bundle/NOTICES"
cp target/bom.json "$bundle/"
cp -r experiments/studies "$bundle/"
./espalier verify --record "$work/answers.gz" > /dev/null 2>&1
gunzip -c "$work/answers.gz" > "$bundle/answers"

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$work" -c "$name" |
  xz -9e > "$out/$name.tar.xz"
bytes=$(stat -c %s "$out/$name.tar.xz")
echo "$out/$name.tar.xz: $bytes bytes"
if [ "$bytes" -gt "$most" ]; then
  echo "bundle: more than the $most bytes that it may have" >&2
  exit 1
fi

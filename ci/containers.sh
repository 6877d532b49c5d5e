#!/bin/bash
# ci/containers.sh: builds the images of docker/ and runs studies in them, by the engine of $DOCKER_HOST or Docker's socket, on the public
# bases. Where neither answers but podman and debootstrap are (Debian's packages podman, runc and debootstrap; as root), it starts podman
# for the time of the tests, on a base made from Debian's packages, so that no image is pulled. Skipped, by name, where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
service=
finish() {
  if [ -n "$service" ]; then
    kill "$service" 2> /dev/null || true
    wait "$service" 2> /dev/null || true
    "${podman[@]}" system reset --force > /dev/null 2>&1 || true
  fi
  rm -rf "$work"
}
trap finish EXIT

if [ -z "${DOCKER_HOST:-}" ] && [ ! -S /var/run/docker.sock ]; then
  for tool in podman runc debootstrap; do
    if ! command -v $tool > /dev/null || [ "$(id -u)" -ne 0 ]; then
      echo "containers: skipped, 0 tests ran: no container engine answers, and starting podman takes root and $tool"
      exit 0
    fi
  done
  # What follows suits machines that are themselves containers: cgroups of version 1, no bridges, few limits.
  cat > "$work/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
netns = "host"
[engine]
runtime = "runc"
CONF
  export CONTAINERS_CONF=$work/containers.conf
  podman=(podman --root "$work/storage" --runroot "$work/state")
  debootstrap --variant=minbase bookworm "$work/root" > "$work/debootstrap.log" 2>&1 ||
    { tail "$work/debootstrap.log"; echo "containers: no base image" >&2; exit 1; }
  tar -C "$work/root" -c . | "${podman[@]}" import - localhost/espalier-base:bookworm > /dev/null 2> "$work/import.log" ||
    { cat "$work/import.log"; echo "containers: no base image" >&2; exit 1; }
  export DOCKER_HOST=unix://$work/podman.sock ESPALIER_IMAGE_BASE=localhost/espalier-base:bookworm
  # Nothing of Testcontainers' own is pulled: no reaper, no image to look at the engine with.
  export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_CHECKS_DISABLE=true TESTCONTAINERS_HOST_OVERRIDE=localhost
  "${podman[@]}" system service --time=0 "$DOCKER_HOST" > "$work/podman.log" 2>&1 &
  service=$!
  for ((i = 0; i < 100; i++)); do
    [ -S "$work/podman.sock" ] && break
    sleep 0.2
  done
fi

[ -n "${ESPALIER_BUNDLE:-}" ] || ESPALIER_BUNDLE=$(ls -t "$PWD"/target/espalier-*-linux-x86_64.tar.xz 2> /dev/null | head -n 1)
if [ -z "$ESPALIER_BUNDLE" ]; then
  ci/bundle.sh
  ESPALIER_BUNDLE=$(ls -t "$PWD"/target/espalier-*-linux-x86_64.tar.xz | head -n 1)
fi
export ESPALIER_BUNDLE
mvn -B -pl kernels,engine,experiments install -Dtest=ImageTest -Dsurefire.failIfNoSpecifiedTests=false > "$work/log" 2>&1 ||
  { cat "$work/log"; echo "containers: failed" >&2; exit 1; }
grep '^Skipped' "$work/log" || true
report=experiments/target/surefire-reports/TEST-io.espalier.experiments.image.ImageTest.xml
ran=$(grep -c '<testcase' "$report")
skipped=$(grep -c '<skipped' "$report" || true)
[ $((ran - skipped)) -ge 2 ] || { cat "$work/log"; echo "containers: an engine answers, but no test ran" >&2; exit 1; }
echo "containers: $((ran - skipped)) tests ran with $(basename "$ESPALIER_BUNDLE"), $skipped skipped"

#!/bin/bash
# Every command that README, guides and help texts show is run as it stands there, in a scratch folder that has what they name. What cannot
# run here says so: `dry` was only planned, for its real run is elsewhere in ci/ or takes long; `skipped` needs what is not here.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

commands() {
  # A line that ends with a backslash goes on in the next.
  sed -e ':a' -e '/\\$/N; s/\\\n *//; ta' README.md docs/*.md | sed -n 's/^ *\.\/espalier /espalier /p'
  for verb in "" run plan status report export score eval verify "bench kernels" "bench train" "bench inference" data methods doctor replay \
    "submit slurm" "submit k8s"; do
    # shellcheck disable=SC2086
    ESPALIER_JAVA_OPTIONS=-Dpicocli.usage.width=200 "$home/espalier" $verb --help 2> /dev/null | sed -n '/^Examples*:/,$p' | sed -e ':a' -e '/\\$/N; s/\\\n *//; ta' | sed -n 's/^ *espalier /espalier /p'
  done
}

"$home/espalier" --version > /dev/null
commands | sed 's/ *#.*//; s/ *$//' | awk '!seen[$0]++' > "$work/commands"
[ "$(wc -l < "$work/commands")" -gt 30 ] || { echo "docs: found only $(wc -l < "$work/commands") commands" >&2; exit 1; }

cd "$work"
awk '/^```yaml/ { on = 1; next } /^```/ { on = 0 } on' "$home/docs/run-a-study.md" > my-study.yaml
mkdir -p DIR photographs data
cp "$home"/docs/*.png photographs/
cp "$home"/docs/*.png DIR/
mnist=
if [ -d "${ESPALIER_DATA:-/nowhere}/mnist" ]; then
  mnist=yes
  ln -s "$ESPALIER_DATA/mnist" DIR/mnist
  ln -s "$ESPALIER_DATA/mnist" data/mnist
  ESPALIER_DATA=$ESPALIER_DATA "$home/espalier" run mnist-short --quiet --out model --set training.epochs=1 --set seeds=1 \
    --set "methods=[{ dense: {} }]" > /dev/null 2>&1
  cp "$(find model/trials -name model.safetensors | head -n 1)" M.safetensors
fi
export ESPALIER_DATA=$work/data

failed=0
while IFS= read -r command; do
  more=''
  allowed=0
  skip=''
  case "$command" in
    *"data fetch"*) skip="needs a network" ;;
    *"--peers"*) skip="needs a build with libtorch; ci/bench-peers.sh runs it" ;;
    *"venv/bin/python"*) skip="needs PyTorch; BenchCommandTest runs it with a stand-in" ;;
    *mnist* | *"--data DIR"*) [ -n "$mnist" ] || skip="ESPALIER_DATA names no folder with MNIST" ;;
  esac
  case "$command" in
    *"run mnist-short"* | *"run lenet-300-100"* | *"submit slurm"*) more="--dry-run" ;;
    *"bench inference"*) more="--seconds 0.02" ;;
    *"--quick"*) more="--budget 5s" ;;
    *"bench kernels"*) more="--quick --budget 5s" ;;
  esac
  # A busy machine may be slower the second time.
  case "$command" in *--compare*) allowed=4 ;; esac
  case "$command" in *--shard*) allowed=75 ;; esac
  # A cluster is not here; a trial's name is known once there is one.
  here=${command% | kubectl*}
  case "$here" in
    *"replay "*)
      trials=${here##* }
      trials=${trials%/*}
      here="${here% *} $trials/$(ls "$trials" | head -n 1)"
      ;;
  esac
  # Data are made once; two documents make the same.
  rm -rf data/mnist-background-image
  if [ -n "$skip" ]; then
    echo "docs: skipped  $command  ($skip)"
    continue
  fi
  code=0
  eval "\"$home/espalier\" ${here#espalier } $more" > output 2>&1 < /dev/null || code=$?
  if [ "$code" -eq 0 ] || [ "$code" -eq "$allowed" ]; then
    echo "docs: ran      $command  ${more:+(with $more)}"
  else
    echo "docs: FAILED ($code)  $command" >&2
    tail -n 3 output >&2
    failed=1
  fi
done < commands
exit $failed

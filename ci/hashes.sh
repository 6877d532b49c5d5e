# Sourced by checks that run one study in several ways. `hashes DIRECTORY` prints what must be the same however it was run: a hash of
# every model and of the metrics of every trial.
hashes() {
  (cd "$1" && find . \( -name '*.safetensors' -o -name metrics.jsonl \) -exec sha256sum {} + | sort -k 2)
}

#!/bin/sh
# The build and its tests, as everybody runs them.
set -eu
cd "$(dirname "$0")/.."
mvn -B verify

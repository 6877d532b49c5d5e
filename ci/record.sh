# Sourced by the longer checks. `record PART TRIED CASES FAILED FIGURE SEEDS COMMAND` puts a row, with machine, versions and date,
# into PART.tsv in the folder that $ESPALIER_RECORD names, in place of that part's row about the same; without the variable
# nothing is kept. ci/reliability-page.sh makes docs/reliability.md of these tables.
record() {
  [ -n "${ESPALIER_RECORD:-}" ] || return 0
  table="$ESPALIER_RECORD/$1.tsv"
  columns=$(printf 'tried\tcases\tfailed\tfigure\tseeds\tcommand\tmachine\tversions\tdate')
  mkdir -p "$ESPALIER_RECORD"
  [ -f "$table" ] || printf '%s\n' "$columns" > "$table"
  machine="$(getconf _NPROCESSORS_ONLN) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), no GPU"
  versions="Espalier $(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml), Java $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.runtime.version = //p'), Linux $(uname -r)"
  awk -F '\t' -v tried="$2" '$1 != tried' "$table" > "$table.new"
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$2" "$3" "$4" "$5" "$6" "$7" "$machine" "$versions" "$(date -u +%F)" >> "$table.new"
  mv "$table.new" "$table"
}

#!/bin/bash
# ci/slurm.sh: a Slurm of one node (Debian's packages slurmctld, slurmd, slurm-client and munge; as root), and on it a study of 24 trials as
# an array of four tasks. One task's program is killed by SIGKILL, one task is preempted and queues again. All 24 results must be there,
# none reported twice, and the models those of one process. Skipped, by name, where Slurm is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in slurmctld slurmd sbatch munged; do
  if ! PATH=$PATH:/usr/sbin command -v $tool > /dev/null; then
    echo "slurm: skipped, 0 tests ran: $tool is not installed"
    exit 0
  fi
done
if [ "$(id -u)" -ne 0 ]; then
  echo "slurm: skipped, 0 tests ran: starting a Slurm of its own takes root"
  exit 0
fi
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
chmod 755 "$work"
started=()
finish() {
  scancel --user root > /dev/null 2>&1 || true
  for pid in "${started[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "slurm: $1" >&2
  tail -n 40 "$work"/run/slurm/*.log "$work"/ctld.log "$work"/d.log >&2 || true
  exit 1
}
# until_true SECONDS COMMAND...: waits for it.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt "$end" ] || return 1
    sleep 0.3
  done
}

# ---- the cluster: everything below $work, on ports of its own ---------------------------------------------------------------
mkdir -p "$work"/{munge,state,spool}
chown munge "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chown munge "$work/munge/key"
chmod 400 "$work/munge/key"
socket=$work/munge/socket
runuser -u munge -- munged --foreground --key-file="$work/munge/key" --socket="$socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" > /dev/null 2>&1 &
started+=($!)
node=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
cat > "$SLURM_CONF" <<CONF
ClusterName=espalier
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/d.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/d.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=20
SchedulerParameters=sched_interval=2,bf_interval=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=8 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
until_true 20 test -S "$socket" || fail "munged does not start"
slurmctld -D > "$work/ctld.out" 2>&1 &
started+=($!)
slurmd -D -N "$node" > "$work/d.out" 2>&1 &
started+=($!)
until_true 30 sh -c 'sinfo -h -o %T | grep -q idle' || { cat "$work"/*.out; fail "the cluster does not start"; }

# ---- the study --------------------------------------------------------------------------------------------------------------
study=(quickstart --set training.epochs=100 --set 'seeds=[0,1,2,3]' --set 'network.mlp=[784, 60, 2]')
hashes() {
  (cd "$1/trials" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2)
}
./espalier run "${study[@]}" --quiet --workers 1 --backend cpu --out "$work/alone" > "$work/alone.log" 2>&1 ||
  { cat "$work/alone.log"; fail "the lone run failed"; }
trials=$(find "$work/alone/trials" -name result.json | wc -l)
[ "$trials" -eq 24 ] || fail "the study has $trials trials"

# The node has this machine's few real cores: a short lease would take a starved task for dead, which costs time and nothing else.
./espalier submit slurm "${study[@]}" --tasks 4 --lease 6 --time 10 --memory 500M --out "$work/run" > "$work/submitted" 2> "$work/submit.log" ||
  { cat "$work/submit.log"; fail "submit gave an error"; }
cat "$work/submitted"
job=$(sed -n 's/^Job \([0-9]*\): .*/\1/p' "$work/submitted")
last=$(sed -n 's/^Job \([0-9]*\) ends.*/\1/p' "$work/submitted")

# program TASK: the process of that task's program.
program() {
  pgrep -f -- "--out $work/run --shard $1/4" | while read -r pid; do
    case "$(readlink "/proc/$pid/exe")" in */java) echo "$pid" ;; esac
  done
}
# holds TASK: whether it has a trial under way.
holds() {
  local pid worker
  pid=$(program "$1")
  worker=$(grep -l "\"pid\":$pid," "$work"/run/workers/*.json)
  worker=${worker##*/}
  ls -d "$work"/run/claims/*/"${worker%.json}".*/spec.json
}
until_true 90 holds 2 || fail "task 2 has nothing under way"
kill -KILL "$(program 2)"
until_true 90 holds 3 || fail "task 3 has nothing under way"
scancel --batch --signal=TERM "${job}_3"
until_true 60 grep -q "queues again" "$work/run/slurm/3.log" || fail "task 3 does not queue again"
[ "$(find "$work/run/trials" -name result.json | wc -l)" -lt 24 ] || fail "the study was over before anything happened to it"

over() {
  ! squeue -h -j "$job,$last" -t all -o %T | grep -qvE 'COMPLETED|FAILED|CANCELLED|TIMEOUT'
}
until_true 400 over || { squeue; fail "the jobs do not end"; }
scontrol show job "$last" | grep -q 'ExitCode=0:0' || fail "the last job failed"

# ---- what must have come of it ----------------------------------------------------------------------------------------------
results=$(find "$work/run/trials" -name result.json | wc -l)
[ "$results" -eq 24 ] || fail "$results results of 24"
# Logs: a process that dies between the last rename and its line leaves no line; none may have two.
grep -h '^\[' "$work"/run/slurm/*.log | sed 's/^[^]]*\] //' | sort | uniq -d > "$work/twice"
[ ! -s "$work/twice" ] || { cat "$work/twice"; fail "trials were finished more than once"; }
[ -z "$(ls "$work/run/claims")" ] || fail "something was left claimed"
hashes "$work/alone" > "$work/expected"
hashes "$work/run" > "$work/actual"
cmp "$work/expected" "$work/actual" || fail "models differ from those of one process"
restarts=$(scontrol show job "${job}_3" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p')
[ "$restarts" = 1 ] || fail "task 3 was restarted $restarts times instead of once"
[ "$(wc -l < "$work/run/results.csv")" -eq 37 ] || fail "the last job wrote another table"
echo "slurm: 1 test ran: 24 trials by 4 tasks, one killed, one preempted and requeued; 24 results, none twice, $(wc -l < "$work/expected") models as of one process"

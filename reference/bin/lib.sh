# shellcheck shell=bash
# Shared by the procedures in this folder: names, progress lines, waiting, the engine.
# Source it; it runs nothing by itself.

# Some of these names are only used by the scripts that source this file.
# shellcheck disable=SC2034
STACK=whoop
LABEL=readiness.project=embedded
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BIN="$ROOT/bin"
STATE="${WHOOP_STATE:-$ROOT/.state}" # bin/compose: another one for each of its environments, as for the next two
BASTION=whoop-bastion
PUBLIC_HOST=${WHOOP_HOST:-whoop.localhost}
PUBLIC_PORT=${WHOOP_PORT:-8443}
PUBLIC_ADDRESS=${PUBLIC_ADDRESS:-127.0.0.1} # bin/cluster: that of one of its doors
export STARTED="${STARTED:-$(date +%s)}"

# say TEXT: one progress line on standard output, with the seconds since the procedure began.
say() { printf '[%4ds] %s\n' "$(($(date +%s) - STARTED))" "$*"; }

# fail TEXT: says what went wrong and what to do, and ends with status 1.
fail() {
  printf '[%4ds] FAILED: %s\n' "$(($(date +%s) - STARTED))" "$*" >&2
  exit 1
}

# help_if_asked ARGUMENTS: with -h or --help, prints the comment at the head of the script and ends.
help_if_asked() {
  case " $* " in
    *" -h "* | *" --help "*)
      sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p}}' "$0"
      exit 0
      ;;
  esac
}

# wait_for SECONDS WHAT COMMAND...: looks again and again until COMMAND succeeds, at most SECONDS long.
# COMMAND may print what it still waits for; its last words are part of the error.
wait_for() {
  local patience=$1 what=$2 seen=''
  shift 2
  local deadline=$(($(date +%s) + patience))
  until seen=$("$@" 2>&1); do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      fail "$what: not within $patience s. Last seen: ${seen:-nothing}"
    fi
    sleep 0.3
  done
}

# need COMMAND PACKAGE: ends with a clear message if a command is not installed.
need() { command -v "$1" >/dev/null || fail "the command '$1' is missing: install it (Debian: apt-get install $2)"; }

# need_engine: ends with a clear message if no engine answers. Swarm that was locked when the engine started is unlocked.
need_engine() {
  need docker docker.io
  local state
  state=$(docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null) ||
    fail "no container engine answers ('docker info' fails): start it and try again"
  [ "$state" != locked ] || unlock_swarm
}

# unlock_swarm: what Swarm keeps on disk, secrets among it, is closed with a key that is not on that disk but here. Where the key
# has gone with the folder that it was in, Swarm can only be switched off; only if it was switched on by bin/up.
SWARM_MARK=whoop_swarm_switched_on # a volume, for whoever comes later and has no notes of it
unlock_swarm() {
  if [ ! -s "$STATE/swarm-unlock-key" ]; then
    docker volume inspect "$SWARM_MARK" >/dev/null 2>&1 ||
      fail "Swarm is locked, and its key is not in $STATE/swarm-unlock-key: docker swarm unlock"
    say "swarm: locked by a bin/up whose folder and key are gone: switched off"
    docker swarm leave --force >/dev/null
    docker volume rm "$SWARM_MARK" >/dev/null
    return
  fi
  docker swarm unlock <"$STATE/swarm-unlock-key" >/dev/null || fail "Swarm is locked, and $STATE/swarm-unlock-key does not open it"
  wait_for 30 "Swarm does not come back after it was unlocked" swarm_answers
}
swarm_answers() { docker node ls >/dev/null; }

# one_at_a_time: two procedures that change the deployment never run at once; the second says so and ends.
# The lock is inherited by the procedures that this one calls.
one_at_a_time() {
  [ -z "${WHOOP_LOCKED:-}" ] || return 0
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock -n 9 || fail "another procedure is changing this deployment (lock: $STATE/lock); wait for it to end"
  export WHOOP_LOCKED=1
}

# image_id IMAGE: prints the image's id without "sha256:", nothing if there is no such image.
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null | sed 's/^sha256://'; }

# release_of IMAGE: prints the release name of an image: the first 12 hexadecimal digits of its id.
release_of() {
  local id
  id=$(image_id "$1")
  [ -n "$id" ] || fail "there is no image $1 on this engine: build it first ($BIN/up, $BIN/build-image)"
  printf '%s\n' "${id:0:12}"
}

# pin IMAGE: gives the image a tag that never moves (NAME:RELEASE) and prints it. A service runs under such a tag, so
# that a rollback brings the former image back even after NAME:test was built anew.
pin() {
  local release
  release=$(release_of "$1") || exit 1
  docker tag "$1" "${1%%:*}:$release"
  printf '%s:%s\n' "${1%%:*}" "$release"
}

# digest_of FILE...: prints 12 hexadecimal digits that change with the contents of the files.
digest_of() { cat -- "$@" | sha256sum | cut -c1-12; }

# fill_in STACK_FILE: exports the variables of the stack file: IMAGE_*, RELEASE_* by image id, HASH_* by the content of each file,
# TURN_* for passwords of two logins that take turns, and the number of replicas that the autoscaler is in charge of.
fill_in() {
  local name image file variable
  REPLICAS_WHOOP_SERVICE=$(replicas_to_keep whoop-service 2 10)
  export REPLICAS_WHOOP_SERVICE
  while read -r name; do
    image=${name,,}
    image=$(pin "${image//_/-}:test") || exit 1
    export "IMAGE_$name=$image" "RELEASE_$name=${image##*:}"
  done < <(grep -oP '(?<=\$\{IMAGE_)[A-Z_]+' "$1" | sort -u)
  for file in "$STATE"/turns/*; do
    name=${file##*/}
    export "TURN_${name^^}=$(cat "$file")"
  done
  while read -r file variable; do
    export "HASH_$variable=$(digest_of "$(dirname "$1")/$file")"
  done < <(sed -nE 's/^ +[a-z_]+: \{file: ([^,]+),.*\$\{HASH_([A-Z_]+)\}.*/\1 \2/p' "$1")
}

# service_exists NAME, NAME without the stack's prefix.
service_exists() { docker service inspect "${STACK}_$1" >/dev/null 2>&1; }

# replicas_in_service NAME: prints how many replicas a service's specification asks for, nothing if there is no such service.
replicas_in_service() { docker service inspect --format '{{.Spec.Mode.Replicated.Replicas}}' "${STACK}_$1" 2>/dev/null; }

# replicas_to_keep NAME LEAST MOST: the present number, brought within the bounds; LEAST if there is no such service.
replicas_to_keep() {
  local now
  now=$(replicas_in_service "$1") || now=$2
  [ "$now" -ge "$2" ] || now=$2
  [ "$now" -le "$3" ] || now=$3
  printf '%s\n' "$now"
}

# change DOCKER_ARGUMENTS...: runs a docker command that changes a service. When somebody else (the autoscaler) changes it in the
# same moment, the engine refuses the later one; it is asked again then.
change() {
  local answer
  for _ in 1 2 3; do
    ! answer=$(docker "$@" 2>&1) || return 0
    [[ $answer == *'update out of sequence'* ]] || break
  done
  fail "docker $1 $2: $answer"
}

# note_former NAME IMAGE: notes for bin/rollback which image a service ran before its present one. The engine only remembers the
# last change, and that is often one of size.
note_former() {
  mkdir -p "$STATE/former"
  printf '%s\n' "$2" >"$STATE/former/$1"
}

# update_state NAME: completed, updating, paused, rollback_started, rollback_paused, rollback_completed, or nothing.
update_state() { docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "${STACK}_$1"; }

# shellcheck disable=SC2120 # the name is optional
# unsettled_services [NAME]: succeeds when every service of the stack (or the one named) has all its replicas, healthy,
# and no update under way; otherwise prints those that are not there yet. "N/N replicas" alone is true in the
# middle of an update as well.
unsettled_services() {
  local only=${1:-} name replicas state waiting=''
  while read -r name replicas _; do # _: what Swarm adds, such as "(max 1 per node)"
    name=${name#"${STACK}_"}
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    state=$(update_state "$name")
    case "$state" in updating | rollback_started) waiting+="$name ($state) " ;; esac
    [ "${replicas%%/*}" = "${replicas##*/}" ] || waiting+="$name ($replicas) "
  done < <(docker service ls --filter "label=com.docker.stack.namespace=$STACK" --format '{{.Name}} {{.Replicas}}')
  printf '%s' "$waiting"
  [ -z "$waiting" ]
}

# settle SECONDS [NAME]: waits until the services (or the one named) are settled, at most SECONDS long. They must be so twice, one
# second apart: right after a change Swarm still shows the state from before it.
settle() {
  local deadline waiting='' since=''
  deadline=$(($(date +%s) + $1))
  until waiting=$(unsettled_services "${@:2}") && sleep 1 && waiting=$(unsettled_services "${@:2}"); do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "${2:-the services} did not settle (see 'docker service ps --no-trunc NAME' and 'docker service logs NAME'): not within $1 s. Last seen: $waiting"
    if [ -n "${2:-}" ] && one_too_many "$2"; then
      since=${since:-$(date +%s)}
      if [ $(($(date +%s) - since)) -ge 6 ]; then
        say "$2: Swarm keeps one replica too many; all of them are replaced"
        change service update --detach --quiet --no-resolve-image --force "${STACK}_$2"
        since=''
      fi
    else
      since=''
    fi
    sleep 0.3
  done
}

# one_too_many NAME: succeeds when more replicas run than are asked for, and no update is under way. Swarm sometimes keeps two for
# one place, when the one that it was replacing ended by itself in that moment; it never notices.
one_too_many() {
  case "$(update_state "$1")" in updating | rollback_started) return 1 ;; esac
  docker service ls --filter "name=${STACK}_$1" --format '{{.Name}} {{.Replicas}}' |
    awk -v name="${STACK}_$1" '$1 == name { split($2, n, "/"); if (n[1] > n[2]) found = 1 } END { exit !found }'
}

# image_in_service NAME: prints the image that a service's specification names. After Swarm took a release back, the former one.
image_in_service() { docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "${STACK}_$1"; }

# has_tasks NAME N: succeeds when exactly N tasks of a service run.
has_tasks() {
  local running
  running=$(docker service ps --filter desired-state=running --format '{{.CurrentState}}' "${STACK}_$1" | grep -c '^Running' || true)
  printf '%s tasks run' "$running"
  [ "$running" -eq "$2" ]
}

# ask PATH [CURL OPTIONS]: a GET through the public door with the partner's key; prints the body.
# The key is passed on standard input, so that it is in no process list.
ask() {
  local path=$1
  shift
  printf 'header = "Authorization: Bearer %s"\n' "$(cat "$STATE/secrets/partner_api_key")" |
    curl --config - --silent --show-error --fail --max-time 10 --cacert "$STATE/ca.pem" \
      --resolve "$PUBLIC_HOST:$PUBLIC_PORT:$PUBLIC_ADDRESS" "$@" "https://$PUBLIC_HOST:$PUBLIC_PORT$path"
}

# answered_by PATH RELEASE: prints the answer to a GET, and succeeds when it is that release's (any release if empty).
answered_by() {
  local answer
  answer=$(ask "$1" --include) || { printf '%s' "$answer"; return 1; }
  if [ -n "$2" ] && ! grep -qi "^x-version: $2" <<<"$answer"; then
    printf 'answered by %s' "$(grep -i '^x-version' <<<"$answer")"
    return 1
  fi
  printf '%s' "$answer"
}

# serves_members [RELEASE]: succeeds when the API gives members through the public door (and the answer is RELEASE's).
# shellcheck disable=SC2120 # the release is optional
serves_members() {
  local answer
  answer=$(answered_by '/v1/members?limit=1' "${1:-}") || { printf '%s' "$answer"; return 1; }
  grep -q '"id"' <<<"$answer" || { printf 'an answer without members'; return 1; }
}

# serves_insights [RELEASE]: succeeds when a member's week comes through the public door (and the answer is RELEASE's).
serves_insights() {
  local member answer
  member=$(ask '/v1/members?limit=1' | grep -oP '"id":"\K[^"]+' | head -n 1)
  answer=$(answered_by "/v1/insights/members/$member/weekly" "${1:-}") || { printf '%s' "$answer"; return 1; }
  grep -q '"member_id"' <<<"$answer" || { printf 'an answer without insights'; return 1; }
}

# tell_people SERVICE RELEASE WHAT: an alert to those on call, through Alertmanager, that a release was taken back. It ends by itself.
tell_people() {
  local until
  until=$(date -u -d '+60 seconds' +%Y-%m-%dT%H:%M:%SZ)
  curl --silent --show-error --fail --max-time 10 --header 'Content-Type: application/json' --data @- \
    http://127.0.0.1:29093/api/v2/alerts >/dev/null <<END || say "nobody could be told: Alertmanager does not take the alert"
[{"labels": {"alertname": "ReleaseTakenBack", "service": "$1", "release": "$2", "severity": "warning", "owner": "api"}, "endsAt": "$until",
  "annotations": {"summary": "A release of $1 was taken back", "description": "$(tr '"\\\n' "'/ " <<<"$3" | cut -c1-400)",
  "runbook_url": "runbooks/alerts.md#release-taken-back"}}]
END
}

# secret_option NAME UID: the value of --secret that mounts the stack's current secret of that name.
secret_option() {
  printf 'source=%s_%s_%s,target=%s,uid=%s,gid=%s,mode=0400' "$STACK" "$1" "$(digest_of "$STATE/secrets/$1")" "$1" "$2" "$2"
}

# ensure_secrets: makes what the engine lacks of the secrets that copies are opened with, from the secret store.
ensure_secrets() {
  local name full
  "$BIN/make-secrets"
  for name in backup_passphrase; do
    full=${STACK}_${name}_$(digest_of "$STATE/secrets/$name")
    docker secret inspect "$full" >/dev/null 2>&1 ||
      docker secret create --label "$LABEL" --label "com.docker.stack.namespace=$STACK" "$full" "$STATE/secrets/$name" >/dev/null
  done
}

job_ended() {
  local state
  state=$(docker service ps --format '{{.CurrentState}} {{.Error}}' "$1" | head -n 1)
  printf '%s' "${state:-no task yet}"
  case "$state" in Complete* | Failed* | Rejected*) return 0 ;; *) return 1 ;; esac
}

# run_job NAME SECONDS OPTIONS... IMAGE ARGUMENTS...: runs a program once, as a service of that name that goes again. Its last words
# are in JOB_SAID. Fails when it did.
run_job() {
  local name=$1 patience=$2 state
  shift 2
  docker service rm "$name" >/dev/null 2>&1 || true
  docker service create --detach --quiet --name "$name" --mode replicated-job --restart-condition none --no-resolve-image \
    --label "$LABEL" --container-label "$LABEL" --no-healthcheck --read-only --cap-drop ALL \
    --mount type=tmpfs,target=/tmp "$@" >/dev/null || fail "$name: no such job can be made"
  wait_for "$patience" "the job $name did not end" job_ended "$name"
  state=$(job_ended "$name")
  # shellcheck disable=SC2034 # read by who calls this
  JOB_SAID=$(docker service logs --raw "$name" 2>&1 | tail -n 5)
  docker service rm "$name" >/dev/null 2>&1 || true
  docker ps --all --quiet --filter "label=com.docker.swarm.service.name=$name" | xargs -r docker rm --force >/dev/null 2>&1 || true
  [[ $state == Complete* ]] || { JOB_SAID="$state: $JOB_SAID"; return 1; }
}

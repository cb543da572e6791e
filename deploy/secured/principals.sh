#!/usr/bin/env bash
# Makes the principals whose passwords are in KAFKA_<NAME>_PASSWORD, and gives all of them their rights. Running it again changes nothing but
# passwords. Arguments as for acls.sh; both need the tools of a Kafka distribution.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

# In a file: arguments can be read by everybody on the machine, and are told when the brokers cannot be reached.
credential=$(mktemp)
trap 'rm -f "$credential"' EXIT
for principal in setup gateway processor auditor upstream consumer; do
    variable=KAFKA_${principal^^}_PASSWORD
    if [[ -n ${!variable:-} ]]; then
        printf 'SCRAM-SHA-512=password=%s\n' "${!variable//\\/\\\\}" >"$credential"
        kafka-configs.sh "$@" --alter --entity-type users --entity-name "$principal" --add-config-file "$credential"
    fi
done
bash "$here/acls.sh" "$@"

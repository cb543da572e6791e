#!/usr/bin/env bash
# The rights that are enough, as in SECURITY.md, for brokers with authorizer.class.name=
# org.apache.kafka.metadata.authorizer.StandardAuthorizer, where what is not allowed is denied. Run by a principal that may alter the cluster:
#
#     deploy/secured/acls.sh --bootstrap-server kafka:9093 --command-config admin.properties
#
# A test gives a broker the rights below and tries everything else (AccessRightsIT).
set -euo pipefail

connection=("$@")

# allow PRINCIPAL OPERATIONS RESOURCE NAMES: a name that ends in * stands for all that begin so.
allow() {
    local operation name names options=()
    for operation in ${2//,/ }; do
        options+=(--operation "$operation")
    done
    IFS=, read -ra names <<<"$4"
    for name in "${names[@]}"; do
        case $name in
        *\*) options+=(--resource-pattern-type prefixed) ;;
        esac
        options+=("--$3" "${name%\*}")
    done
    kafka-acls.sh "${connection[@]}" --add --allow-principal "User:$1" "${options[@]}"
}

allow setup     Create,Describe                topic            booking-commands,booking-results,booking-availability,booking-commands-dlq

allow gateway   Write,Describe                 topic            booking-commands
allow gateway   Read,Describe                  topic            booking-results,booking-availability,booking-commands-dlq
allow gateway   Describe                       group            booking-processor

allow upstream  Write,Describe                 topic            booking-commands
allow upstream  Read,Describe                  topic            booking-results,booking-availability

allow processor Read,Write,Describe,DescribeConfigs topic       booking-commands
allow processor Write,Describe                 topic            booking-results,booking-availability,booking-commands-dlq
allow processor Read,Describe                  group            booking-processor
allow processor Write,Describe                 transactional-id booking-processor-*

allow consumer  Read                           topic            booking-results,booking-availability
allow consumer  Read                           group            consumer-*

allow auditor   Read,Describe,DescribeConfigs  topic            booking-commands
allow auditor   Read,Describe                  topic            booking-results,booking-availability,booking-commands-dlq
allow auditor   Describe                       group            booking-processor
allow auditor   Describe                       transactional-id booking-processor-*

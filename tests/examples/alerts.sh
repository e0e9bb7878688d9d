#!/bin/sh
# Grave events on the screen, by kcat alone: the headers are enough to choose,
# so that no JSON is read. kcat cannot filter by header; grep can.
#
#   alerts.sh BROKERS CAMPAIGN [kcat's options, such as -o beginning -e]
set -eu
brokers=$1
topic=$2.karool.flagged
shift 2
# librdkafka reads only what is committed unless told otherwise.
kcat -C -q -b "$brokers" -t "$topic" -X isolation.level=read_committed -u \
    -f '%h,key=%k\n' "$@" |
    grep --line-buffered ',severity=[45],.*replay=false'

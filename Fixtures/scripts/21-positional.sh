#!/bin/sh
# read with: tcp 22 10.0.0.1 10.0.0.2
proto=$1; port=$2
shift 2
[ $# -gt 0 ] || exit 1
for from; do
  iptables -A INPUT -p $proto --dport $port -s "$from" -j ACCEPT
done
set -- INPUT FORWARD
iptables -P $1 DROP
iptables -P $2 DROP

#!/bin/bash
allow() {
  local port=$1 proto=${2:-tcp}
  local from=${3-0.0.0.0/0}
  iptables -A INPUT -p "$proto" -s "$from" --dport "$port" -j ACCEPT
}
allow 22
allow 53 udp
allow 3306 tcp 10.0.0.5
function drop_all {
  for chain in "$@"; do iptables -P "$chain" DROP; done
}
drop_all INPUT FORWARD

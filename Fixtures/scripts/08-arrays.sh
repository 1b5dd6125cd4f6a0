#!/bin/bash
ports=(22 80 443)
declare -a blocked=("10.0.0.0/8" "172.16.0.0/12")
blocked+=(192.168.0.0/16)
for p in "${ports[@]}"; do
  iptables -A INPUT -p tcp --dport "$p" -j ACCEPT
done
for ((n = 0; n < ${#blocked[@]}; n++)); do
  iptables -A INPUT -s "${blocked[$n]}" -j DROP
done
iptables -A OUTPUT -p tcp --dport ${ports[1]} -j ACCEPT

#!/bin/bash
declare -A forward=( [80]=10.0.0.10 [443]=10.0.0.11 )
forward[25]=10.0.0.12
for port in 80 443 25; do
  iptables -t nat -A PREROUTING -p tcp --dport $port -j DNAT --to-destination "${forward[$port]}:$port"
done
iptables -A FORWARD -m comment --comment "${#forward[@]} forwards" -j ACCEPT
names=(a b c); names[5]=f
for i in "${!names[@]}"; do iptables -N "chain-$i-${names[$i]}"; done

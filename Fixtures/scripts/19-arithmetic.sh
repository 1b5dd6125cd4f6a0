#!/bin/bash
base=8000
for n in 1 2 3; do
  iptables -t nat -A PREROUTING -p tcp --dport $((base + n)) -j DNAT --to-destination 10.0.0.$n:80
done
mark=$(( 0x10 | 1 ))
iptables -t mangle -A PREROUTING -i eth0 -j MARK --set-mark $mark
let count=3*2
iptables -A INPUT -m limit --limit $count/min -j LOG
(( count > 5 )) && iptables -A INPUT -p tcp --dport $(( count * 100 )) -j ACCEPT

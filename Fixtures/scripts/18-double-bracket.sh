#!/bin/bash
MODE=router
IFACES="eth0 eth1 tun0"
if [[ $MODE == rout* && -n $IFACES ]]; then
  for i in $IFACES; do
    if [[ $i =~ ^eth[0-9]+$ ]]; then iptables -A FORWARD -i $i -j ACCEPT; else iptables -A FORWARD -i $i -j REJECT; fi
  done
fi
[[ "$MODE" != "bridge" ]] && iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
[[ 10 -gt 9 ]] && iptables -A INPUT -j DROP

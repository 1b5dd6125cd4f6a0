#!/bin/sh
IPT="/sbin/iptables"
IPTABLES=$IPT
LAN_IF="eth1"
WAN_IF=eth0
LAN_NET='192.168.1.0/24'
$IPT -F
$IPT -t nat -F
$IPTABLES -A FORWARD -i $LAN_IF -o $WAN_IF -s ${LAN_NET} -j ACCEPT
"$IPT" -A FORWARD -i "$WAN_IF" -o "$LAN_IF" -m state --state ESTABLISHED,RELATED -j ACCEPT
${IPT} -t nat -A POSTROUTING -o ${WAN_IF} -j MASQUERADE
echo 1 > /proc/sys/net/ipv4/ip_forward

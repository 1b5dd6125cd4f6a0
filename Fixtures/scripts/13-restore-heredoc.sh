#!/bin/sh
NET=10.8.0.0/24
iptables-restore <<RULES
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:vpn - [0:0]
-A INPUT -i lo -j ACCEPT
-A FORWARD -s $NET -j vpn
-A vpn -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
RULES
iptables-restore -n <<'RULES'
*filter
-A vpn -j DROP
COMMIT
*nat
-A POSTROUTING -s 10.8.0.0/24 -j MASQUERADE
COMMIT
RULES
iptables -A INPUT -p udp --dport 1194 -j ACCEPT

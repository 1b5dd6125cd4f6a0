#!/bin/sh
PORT=22
( PORT=23; iptables -A INPUT -p tcp --dport $PORT -j DROP )
iptables -A INPUT -p tcp --dport $PORT -j ACCEPT
result=$(PORT=99; echo $PORT)
iptables -A INPUT -p tcp --dport $result -j ACCEPT
list=$(iptables -S INPUT | grep -c -- -A)
iptables -A INPUT -p tcp --dport $list -j REJECT
{ iptables -A INPUT -p udp --dport 1; iptables -A INPUT -p udp --dport 2; } > /dev/null 2>&1

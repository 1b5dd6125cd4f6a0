#!/bin/sh
for n in 1 2 3; do iptables -A INPUT -p tcp --dport 25 -j DROP; done
iptables -A INPUT -p tcp --dport 26 -j DROP
while iptables -D INPUT -p tcp --dport 25 -j DROP 2>/dev/null; do :; done
iptables -L INPUT --line-numbers -n | awk '/dpt:26/ {print $1}' | while read n; do iptables -D INPUT $n; done
iptables -A INPUT -p tcp --dport 27 -j DROP

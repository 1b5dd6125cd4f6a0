#!/bin/sh
iptables -N old
iptables -A old -p tcp --dport 1 -j ACCEPT
iptables -A INPUT -j old
iptables -E old new
iptables -A FORWARD -g new
iptables -F new
iptables -Z
iptables -D INPUT -j new
iptables -D FORWARD -g new
iptables -X new
iptables -X

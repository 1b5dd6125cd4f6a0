#!/bin/sh
set -e
iptables -A INPUT -i lo -j ACCEPT
iptables -D INPUT -s 10.9.9.9 -j DROP || true
if iptables -C INPUT -i lo -j ACCEPT; then echo there; fi
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A NOSUCH -j ACCEPT
iptables -A INPUT -p tcp --dport 80 -j ACCEPT

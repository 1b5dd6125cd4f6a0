#!/bin/sh
iptables -w -A INPUT -i lo -j ACCEPT
iptables -w 5 -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables --wait -A INPUT -p tcp --dport 22 -j ACCEPT
/usr/sbin/iptables-legacy -4 -A INPUT -p udp --dport 53 -j ACCEPT
ip6tables -6 -w -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A PREROUTING -i eth0 -t nat -p tcp --dport 2000 -j REDIRECT --to-port 2001

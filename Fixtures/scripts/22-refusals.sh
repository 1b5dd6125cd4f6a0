#!/bin/sh
iptables -A OUTPUT -i eth0 -d 192.160.10.80 -p tcp -j DROP
iptables -A INPUT -p tcp --dport 22 -j drop
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport http -j ACEPT
iptables -X ssh-rules
iptables -N ssh-rules
iptables -A INPUT -p tcp --dport 22 -j ssh-rules
iptables -X ssh-rules
iptables -D INPUT 12
iptables -t nat -A PREROUTING -p tcp --dport 80 -j DROP
iptables -t nat -P PREROUTING DROP
iptables -A INPUT -m state --state NEW,ESTABLISHD -j ACCEPT

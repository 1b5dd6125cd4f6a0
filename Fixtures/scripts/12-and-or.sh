#!/bin/sh
iptables -N LOGDROP && iptables -A LOGDROP -j LOG --log-prefix "drop: " && iptables -A LOGDROP -j DROP
iptables -N LOGDROP 2>/dev/null || iptables -F LOGDROP
iptables -C INPUT -p tcp --dport 23 -j LOGDROP 2>/dev/null || iptables -A INPUT -p tcp --dport 23 -j LOGDROP
! iptables -C INPUT -p tcp --dport 24 -j LOGDROP 2>/dev/null && iptables -A INPUT -p tcp --dport 24 -j LOGDROP
true && false || iptables -A LOGDROP -j DROP

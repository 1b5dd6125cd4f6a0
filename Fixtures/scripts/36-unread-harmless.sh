#!/bin/sh
LOG=/var/log/fw.log
if [ -f /etc/default/my-firewall ]; then echo "found settings"; fi
[ -d /var/run/fw ] || mkdir -p /var/run/fw
if grep -q debian /etc/os-release; then FLAVOUR=deb; else FLAVOUR=other; fi
date "+started %H:%M"
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
logger "firewall $FLAVOUR up"

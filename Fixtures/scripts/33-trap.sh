#!/bin/sh
trap 'iptables -A INPUT -j DROP' EXIT
readonly NAME=guard
export LAN=10.0.0.0/8
iptables -N $NAME
NAME=other
iptables -A $NAME -s $LAN -j ACCEPT
exit 3
iptables -A INPUT -j ACCEPT

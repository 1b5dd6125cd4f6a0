#!/bin/bash
NET=192.168.5.0/24
ADDR=${NET%/*}
BITS=${NET#*/}
iptables -A INPUT -s ${ADDR%.*}.1 -j ACCEPT
iptables -A INPUT -s $ADDR/$BITS -j DROP
IF=${IFACE:-eth0}
: ${PORT:=2222}
iptables -A INPUT -i $IF -p tcp --dport $PORT -j ACCEPT
NAME=Web-Server
iptables -N ${NAME,,}
iptables -N ${NAME//-/_}
LIST="80,443,8080"
iptables -A INPUT -p tcp -m multiport --dports ${LIST/8080/8443} -j ${NAME,,}
iptables -A INPUT -p tcp --dport ${LIST:0:2} -j ACCEPT

#!/bin/sh
EXT=eth0
INT=eth1
EXTIP=203.0.113.5
WEB=192.168.1.10
sysctl -w net.ipv4.ip_forward=1
modprobe nf_conntrack_ftp
for table in filter nat mangle; do iptables -t $table -F; iptables -t $table -X; done
iptables -P FORWARD DROP
iptables -t nat -A PREROUTING -i $EXT -d $EXTIP -p tcp --dport 80 -j DNAT --to $WEB:8080
iptables -t nat -A PREROUTING -i $EXT -p tcp -m multiport --dports 443,8443 -j DNAT --to-destination $WEB
iptables -t nat -A POSTROUTING -o $EXT -s 192.168.1.0/24 -j SNAT --to-source $EXTIP
iptables -A FORWARD -i $INT -o $EXT -j ACCEPT
iptables -A FORWARD -i $EXT -o $INT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -i $EXT -d $WEB -p tcp --dport 8080 -m conntrack --ctstate NEW -j ACCEPT
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu

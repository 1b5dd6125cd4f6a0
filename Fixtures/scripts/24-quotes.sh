#!/bin/sh
prefix="IN: \"bad\" "
iptables -A INPUT -j LOG --log-prefix "$prefix"
iptables -A INPUT -j LOG --log-prefix 'it'\''s '
iptables -A INPUT -m comment --comment "a 'quoted' \\ word" -j ACCEPT
cmd="iptables -A INPUT -p udp --dport 53 -j ACCEPT"
$cmd
eval "iptables -A INPUT -m comment --comment 'by eval' -j DROP"
iptables -A INPUT -s "10.0.0.1" -d '10.0.0.2' -j "ACCEPT"

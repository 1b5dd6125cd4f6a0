#!/bin/bash
IP6="ip6tables"
$IP6 -F; $IP6 -X
$IP6 -P INPUT DROP
$IP6 -A INPUT -i lo -j ACCEPT
for t in 1 2 3 4 128 129 133 134 135 136; do
  $IP6 -A INPUT -p ipv6-icmp --icmpv6-type $t -j ACCEPT
done
$IP6 -A INPUT -m rt --rt-type 0 -j DROP
$IP6 -A INPUT -s 2001:db8::/32,fd00::/8 -p tcp --dport 22 -j ACCEPT
$IP6 -A INPUT -m hl --hl-eq 255 -p icmpv6 --icmpv6-type router-advertisement -j ACCEPT
$IP6 -t mangle -A POSTROUTING -j HL --hl-set 64
$IP6 -A INPUT -j REJECT --reject-with icmp6-adm-prohibited

#!/bin/sh
for port in 22 80 443; do
  iptables -A INPUT -p tcp --dport $port -j ACCEPT
done
for proto in tcp udp
do
  for port in 53 123; do iptables -A OUTPUT -p $proto --dport $port -j ACCEPT; done
done
i=1
while [ $i -le 3 ]; do
  iptables -A INPUT -s 10.0.$i.0/24 -j DROP
  i=$((i + 1))
done
until [ $i -eq 1 ]; do i=$(expr $i - 1); iptables -A FORWARD -s 10.1.$i.0/24 -j DROP; done

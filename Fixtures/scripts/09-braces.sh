#!/bin/bash
for host in 10.0.0.{1..4} 192.168.{0,1}.1; do
  iptables -A INPUT -s $host -j ACCEPT
done
iptables -A INPUT -p tcp -m multiport --dports 8{0,1} 2>/dev/null || true
for chain in {in,out}put-log; do iptables -N $chain; done

#!/bin/sh
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -p tcp --dport 8080 -j ACCEPT
iptables -N bad
iptables -A INPUT -s 203.0.113.9 -j bad
iptables-save | grep -v -- '-j bad' | grep -v '^:bad' | iptables-restore
{
  echo '*mangle'
  echo '-A PREROUTING -p tcp -j MARK --set-mark 7'
  echo COMMIT
} | iptables-restore

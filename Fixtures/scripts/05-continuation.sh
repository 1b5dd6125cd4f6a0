#!/bin/sh
iptables -A INPUT \
  -p tcp \
  -m multiport --dports 80,443 \
  -m conntrack --ctstate NEW \
  -j ACCEPT
iptables -A INPUT -p tcp --dport 25 -m comment \
         --comment "mail \"server\"" -j ACCEPT

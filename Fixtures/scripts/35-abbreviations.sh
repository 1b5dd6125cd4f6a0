#!/bin/sh
iptables --append INPUT --proto tcp --dport 22 --jump ACCEPT
iptables --new-chain web
iptables --insert INPUT 1 --in-interface lo --jump ACCEPT
iptables --app INPUT --source 10.0.0.1 --jump web
iptables --policy FORWARD DROP
iptables --rename-chain web www
iptables --list-rules
iptables --delete INPUT 2
iptables --pol OUTPUT DROP

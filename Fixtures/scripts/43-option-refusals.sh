#!/bin/sh
# What the tools say of options that they refuse, or take with a warning.
t() {
  "$@"
  echo "=> $?"
}
t iptables -A INPUT -m physdev
t iptables -A INPUT -m ecn
t iptables -A INPUT -m dscp
t iptables -A INPUT -m dscp --dscp 64
t iptables -A INPUT -m dscp --dscp x
t iptables -A INPUT -m dscp --dscp-class foo
t ip6tables -A INPUT -m hl
t iptables -A INPUT -m ttl
t iptables -A INPUT -p tcp -m tcpmss --mss 5:2
t iptables -A INPUT -m physdev --physdev-in aaaaaaaaaaaaaaaaaaaaaaaaaa
t iptables -A INPUT -p tcp --tcp-option 0
t iptables -A INPUT -p tcp --tcp-option x
t iptables -A INPUT -m length --length 0x
t iptables -A INPUT -m length --length 1/
t iptables -A INPUT -m length --length x
t iptables -A INPUT -m length --length 5x:7
t iptables -A INPUT -m length --length 5:7x
t iptables -A INPUT -m length --length 70000
t iptables -A INPUT -m length --length 7:5
t iptables -A INPUT -m length --length 1:2:3
t iptables -A INPUT -m length --length ""
t iptables -A INPUT -m statistic --mode nth --packet 2
t iptables -A INPUT -m statistic --mode nth
t iptables -A INPUT -m statistic --mode random
t iptables -A INPUT -m statistic --mode random --probability 1.5
t iptables -A INPUT -m statistic --mode nth --every 3 --packet 5
t iptables -t raw -A PREROUTING -j CT --helper foo
t iptables -A INPUT -p tcp -m multiport --dports 1,x
t iptables -A INPUT -m recent --set --rttl
t iptables -A INPUT -m recent --rttl --set
t iptables -A INPUT -m ttl --ttl-lt 4 --ttl 5
t iptables -A INPUT -m ttl --ttl 5 --ttl-gt 300
t ip6tables -A INPUT -m hl --hl-eq 5 --hl-lt 6
t iptables -A INPUT -p tcp --syn --tcp-flags SYN SYN
t iptables -A INPUT -p tcp -m multiport --dports 1 --sports 2 -j NOSUCH
t iptables -t mangle -A INPUT -j DSCP --set-dscp 1 ! --set-dscp 2
t iptables -A INPUT -j HL --hl-set 5
t ip6tables -A INPUT -j TTL
t ip6tables -A INPUT -p ipv6-frag -j DROP
t ip6tables -A INPUT -p 60 -j DROP
t ip6tables -A INPUT ! -p ah -j DROP
t iptables -A INPUT -m state --state NEW,BAD,ESTABLISHED
t iptables -A INPUT -m conntrack --ctstate BAD,NEW
t iptables -A INPUT ! -p tcp -m multiport --dports 1
t iptables -A INPUT -p icmp --icmp-type 256/1
t iptables -t nat -A PREROUTING -p tcp -j REDIRECT --to-ports x-5
t iptables -A INPUT -m limit --limit-burst 10000 --limit 1/day
t iptables -A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1
t iptables -A INPUT -m physdev --physdev-in a/b
t iptables -A INPUT -i a/b
t iptables -A INPUT -j NOSUCH --foo

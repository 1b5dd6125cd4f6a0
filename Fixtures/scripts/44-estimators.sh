#!/bin/sh
# Rules that name what other rules have made in the kernel.
iptables -A INPUT -m rateest --rateest up --rateest-gt --rateest-bps 1mbit -j DROP
iptables -A OUTPUT -j RATEEST --rateest-name up --rateest-interval 250ms --rateest-ewmalog 1s
iptables -A INPUT -m rateest --rateest up --rateest-gt --rateest-bps 1mbit -j DROP
iptables -t mangle -A PREROUTING -m rateest --rateest up --rateest-gt --rateest-bps 1mbit -j MARK --set-mark 1
iptables -A FORWARD -j RATEEST --rateest-name up --rateest-interval 500ms --rateest-ewmalog 4s
iptables -t mangle -A FORWARD -m rateest --rateest down --rateest-lt --rateest-bps 1mbit
iptables -A INPUT -m nfacct --nfacct-name nosuch
iptables -t mangle -A INPUT -j SECMARK --selctx nosuch
iptables -A INPUT -m connlabel --label 200

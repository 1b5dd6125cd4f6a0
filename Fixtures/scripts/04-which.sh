#!/bin/sh
IPT=$(which iptables)
IP6T=`command -v ip6tables`
[ -x "$IPT" ] || { echo "no iptables" >&2; exit 1; }
for t in $IPT $IP6T; do
  $t -F
  $t -A INPUT -i lo -j ACCEPT
done
$IP6T -A INPUT -p icmpv6 -j ACCEPT

#!/bin/sh
while read -r ip comment; do
  case $ip in \#*|'') continue ;; esac
  iptables -A INPUT -s "$ip" -m comment --comment "$comment" -j DROP
done <<'LIST'
# blocked addresses
198.51.100.7 port scan

203.0.113.0/24 spam and more
LIST
echo "10.0.0.1:80 10.0.0.2:443" | tr ' ' '\n' | while IFS=: read host port; do
  iptables -t nat -A PREROUTING -p tcp --dport $port -j DNAT --to-destination $host
done

#!/bin/sh
. "$(dirname "$0")/30-settings.conf"
if [ "$ENABLED" = "yes" ]; then
  for p in $TCP_PORTS; do iptables -A INPUT -p tcp --dport "$p" -j ACCEPT; done
fi
[ -n "$DEFAULT" ] && iptables -P INPUT "$DEFAULT"

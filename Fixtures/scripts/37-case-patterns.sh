#!/bin/sh
classify() {
  case $1 in
    10.*|192.168.*) echo lan ;;
    127.0.0.[0-9]) echo loop ;;
    *:*) echo six ;;
    *) echo wan ;;
  esac
}
for a in 10.1.1.1 127.0.0.5 8.8.8.8 fd00::1 192.168.3.4; do
  kind=$(classify $a)
  if [ "$kind" = six ]; then ip6tables -A INPUT -s $a -j DROP; continue; fi
  iptables -N $kind 2>/dev/null
  iptables -A $kind -s $a -j ACCEPT
done

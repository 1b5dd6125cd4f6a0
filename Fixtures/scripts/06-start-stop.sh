#!/bin/sh
# read with: start
stop() {
  iptables -F
  iptables -X
  iptables -P INPUT ACCEPT
}
start() {
  stop
  iptables -P INPUT DROP
  iptables -A INPUT -i lo -j ACCEPT
  iptables -A INPUT -p tcp --dport 22 -j ACCEPT
}
case "$1" in
  start) start ;;
  stop) stop ;;
  restart|reload) stop; start ;;
  *) echo "usage: $0 start|stop|restart"; exit 1 ;;
esac
exit 0

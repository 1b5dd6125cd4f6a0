#!/bin/sh
BOGONS="0.0.0.0/8
10.0.0.0/8
127.0.0.0/8
169.254.0.0/16
224.0.0.0/4"
iptables -t raw -N bogon
for net in $BOGONS; do
  iptables -t raw -A bogon -s $net -j DROP
done
iptables -t raw -A PREROUTING -i eth0 -j bogon
COUNT=0
for net in $BOGONS; do COUNT=`expr $COUNT + 1`; done
test $COUNT -eq 5 && iptables -t raw -A OUTPUT -d 127.0.0.0/8 -j NOTRACK

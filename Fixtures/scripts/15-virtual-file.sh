#!/bin/sh
TMP=/tmp/hookwalk-fixture-15.rules
cat > $TMP <<'EOT'
*filter
-A INPUT -p tcp --dport 443 -j ACCEPT
EOT
for ip in 192.0.2.1 192.0.2.2; do echo "-A INPUT -s $ip -j DROP" >> $TMP; done
echo COMMIT >> $TMP
iptables-restore < $TMP
iptables -I INPUT -i lo -j ACCEPT
rm -f $TMP

# A lesson's lines, as they are typed
sudo iptables -A INPUT -p tcp --dport 22 -s 192.0.2.0/24 -j ACCEPT
sudo iptables -A INPUT -p tcp --dport 22 -j DROP
sudo iptables -I INPUT 1 -i lo -j ACCEPT
sudo iptables -D INPUT 3
sudo iptables -R INPUT 2 -p tcp --dport 2222 -j ACCEPT

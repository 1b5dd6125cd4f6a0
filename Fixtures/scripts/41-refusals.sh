#!/bin/sh
# Every refusal of the command line, libiptc and the kernel that is followed word for word
iptables -A NOPE -j ACCEPT
echo "=> $?"
iptables -A INPUT -j FOO
echo "=> $?"
iptables -A INPUT -g FOO
echo "=> $?"
iptables -A INPUT -j drop
echo "=> $?"
iptables -D INPUT 1
echo "=> $?"
iptables -D INPUT -s 1.2.3.4 -j ACCEPT
echo "=> $?"
iptables -C INPUT -s 1.2.3.4 -j ACCEPT
echo "=> $?"
iptables -C NOPE -s 1.2.3.4 -j ACCEPT
echo "=> $?"
iptables -I INPUT 3 -j ACCEPT
echo "=> $?"
iptables -R INPUT 1 -j ACCEPT
echo "=> $?"
iptables -R INPUT -j ACCEPT
echo "=> $?"
iptables -R INPUT 0 -j ACCEPT
echo "=> $?"
iptables -N INPUT
echo "=> $?"
iptables -N ACCEPT
echo "=> $?"
iptables -N LOG
echo "=> $?"
iptables -N a
echo "=> $?"
iptables -N a
echo "=> $?"
iptables -N "a b"
echo "=> $?"
iptables -N -x
echo "=> $?"
iptables -N aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
echo "=> $?"
iptables -A INPUT -j a
echo "=> $?"
iptables -X a
echo "=> $?"
iptables -D INPUT -j a
echo "=> $?"
iptables -A a -j RETURN
echo "=> $?"
iptables -X a
echo "=> $?"
iptables -X INPUT
echo "=> $?"
iptables -X nope
echo "=> $?"
iptables -E a INPUT
echo "=> $?"
iptables -E nope b
echo "=> $?"
iptables -E INPUT b
echo "=> $?"
iptables -E a ACCEPT
echo "=> $?"
iptables -E a
echo "=> $?"
iptables -E a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
echo "=> $?"
iptables -P INPUT REJECT
echo "=> $?"
iptables -P INPUT
echo "=> $?"
iptables -P a DROP
echo "=> $?"
iptables -P nope DROP
echo "=> $?"
iptables -P INPUT a
echo "=> $?"
iptables -t nat -P OUTPUT DROP
echo "=> $?"
iptables -t nat -A OUTPUT -j DROP
echo "=> $?"
iptables -t foo -L
echo "=> $?"
iptables -t nat -A INPUT -i eth0 -j MASQUERADE
echo "=> $?"
iptables -F nope
echo "=> $?"
iptables -Z nope
echo "=> $?"
iptables -Z INPUT 3
echo "=> $?"
iptables -L nope
echo "=> $?"
iptables -S nope
echo "=> $?"
iptables -L INPUT 4
echo "=> $?"
iptables -S INPUT 4
echo "=> $?"
iptables -L INPUT 0
echo "=> $?"
iptables -A OUTPUT -i eth0 -j DROP
echo "=> $?"
iptables -A INPUT -o eth0 -j DROP
echo "=> $?"
iptables -A INPUT -p tcp --dport 99999 -j ACCEPT
echo "=> $?"
iptables -A INPUT -p tcp --dport foo -j ACCEPT
echo "=> $?"
iptables -A INPUT --dport 22 -j ACCEPT
echo "=> $?"
iptables -A INPUT -p foo -j ACCEPT
echo "=> $?"
iptables -A INPUT -s 1.2.3.4/33 -j ACCEPT
echo "=> $?"
iptables -A INPUT -s 1.2.3.4,2.3.4.5 ! -d 1.2.3.4,5.6.7.8 -j ACCEPT
echo "=> $?"
iptables -A INPUT -m foo -j ACCEPT
echo "=> $?"
iptables -A INPUT -m state -j ACCEPT
echo "=> $?"
iptables -A INPUT -m state --state FOO -j ACCEPT
echo "=> $?"
iptables -A INPUT -m limit --limit 5/x -j ACCEPT
echo "=> $?"
iptables -A INPUT -p tcp -j ACCEPT --foo
echo "=> $?"
iptables -A INPUT foo
echo "=> $?"
iptables -A
echo "=> $?"
iptables
echo "=> $?"
iptables -A INPUT -A INPUT
echo "=> $?"
iptables -A INPUT -p
echo "=> $?"
iptables -A INPUT -p tcp -p udp
echo "=> $?"
iptables -A INPUT ! ! -p tcp
echo "=> $?"
iptables -A INPUT -p tcp ! --dport
echo "=> $?"
iptables -A INPUT -p tcp !
echo "=> $?"
iptables -A INPUT -p ! tcp -j ACCEPT
echo "=> $?"
iptables -A INPUT -j REJECT --reject-with tcp-reset
echo "=> $?"
iptables -A INPUT -p tcp -j REJECT --reject-with foo
echo "=> $?"
iptables -A INPUT -j DNAT --to 1.2.3.4
echo "=> $?"
iptables -t nat -A PREROUTING -j DNAT
echo "=> $?"
iptables -t nat -A PREROUTING -j MASQUERADE
echo "=> $?"
iptables -A INPUT -j LOG --log-prefix aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
echo "=> $?"
iptables -V
echo "=> $?"
iptables -Q
echo "=> $?"
iptables --foo
echo "=> $?"
iptables --list-r
echo "=> $?"
iptables --in eth0
echo "=> $?"
iptables -A INPUT --s 1.2.3.4 -j ACCEPT
echo "=> $?"
iptables -A INPUT --sport 4 -p tcp -j ACCEPT
echo "=> $?"
iptables -6 -L
echo "=> $?"
iptables -A INPUT -f -j ACCEPT -n
echo "=> $?"
iptables -A INPUT -c 1 -j ACCEPT
echo "=> $?"
iptables -A INPUT -c a b -j ACCEPT
echo "=> $?"
iptables -A INPUT -i aaaaaaaaaaaaaaaaaaaaaa -j ACCEPT
echo "=> $?"
iptables -A INPUT -m mac --mac-source 1:2:3:4:5:6
echo "=> $?"
iptables -A OUTPUT -m mac --mac-source 1:2:3:4:5:6
echo "=> $?"
iptables -A OUTPUT -m owner --uid-owner nosuch
echo "=> $?"
iptables -A INPUT -m owner --uid-owner 0
echo "=> $?"
iptables -A a -j a
echo "=> $?"
iptables -A INPUT -j a
echo "=> $?"
iptables -N b
echo "=> $?"
iptables -A a -j b
echo "=> $?"
iptables -A b -j a
echo "=> $?"
iptables -A INPUT -j OUTPUT
echo "=> $?"
iptables -m
echo "=> $?"
iptables -w 5 -L INPUT -n
echo "=> $?"
iptables -W
echo "=> $?"
iptables -t
echo "=> $?"
iptables -L -x -F
echo "=> $?"
iptables -Z -L INPUT
echo "=> $?"
iptables -nvL INPUT --line
echo "=> $?"
iptables -A INPUT -p icmp --icmp-type foo
echo "=> $?"
iptables -A INPUT -p tcp --tcp-flags SYN
echo "=> $?"
iptables -A INPUT -p tcp --syn --syn
echo "=> $?"
iptables -A INPUT -m multiport --dports 1,2
echo "=> $?"
iptables -A INPUT -p udp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16
echo "=> $?"
iptables -A INPUT -L -nQv
echo "=> $?"
iptables -L -nQv
echo "=> $?"
iptables -L -nQ
echo "=> $?"
iptables -L --line-numbers=3
echo "=> $?"
iptables -A INPUT --proto
echo "=> $?"
iptables -L -- foo
echo "=> $?"
iptables -L INPUT foo
echo "=> $?"
iptables -L INPUT 1 2
echo "=> $?"
iptables ! -A INPUT
echo "=> $?"
iptables -A INPUT ! -m tcp
echo "=> $?"
iptables -A INPUT ! -j ACCEPT
echo "=> $?"
iptables ! -t nat -L
echo "=> $?"
iptables -A INPUT -p tcp ! -n -j ACCEPT
echo "=> $?"
iptables -L ! -n
echo "=> $?"
iptables -A INPUT -j ACCEPT -j DROP
echo "=> $?"
iptables -A INPUT -j ACCEPT -g DROP
echo "=> $?"
iptables -t nat -t filter -L INPUT
echo "=> $?"
iptables -w foo -L INPUT
echo "=> $?"
iptables -w foo
echo "=> $?"
iptables -w -L INPUT
echo "=> $?"
iptables -w5 -L INPUT
echo "=> $?"
iptables -W 5 -L INPUT
echo "=> $?"
iptables -W foo -w -L INPUT
echo "=> $?"
iptables -W 5 -w -L INPUT
echo "=> $?"
iptables -4 -L INPUT -v
echo "=> $?"
iptables --modprobe=/sbin/modprobe -L INPUT
echo "=> $?"
iptables -M /x -L INPUT
echo "=> $?"
iptables -A INPUT -i "" -j ACCEPT
echo "=> $?"
iptables -A INPUT -i "a/b" -j ACCEPT
echo "=> $?"
iptables -A INPUT -ieth0 -j ACCEPT
echo "=> $?"
iptables -A INPUT -ptcp -j ACCEPT
echo "=> $?"
iptables -A INPUT ! -p all -j ACCEPT
echo "=> $?"
iptables -A INPUT -j ""
echo "=> $?"
iptables -A INPUT -j "a b"
echo "=> $?"
iptables -A INPUT -j aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
echo "=> $?"
iptables -A aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -j ACCEPT
echo "=> $?"
iptables -R INPUT 1 -s 1.2.3.4,1.2.3.5
echo "=> $?"
iptables -A INPUT -j ACCEPT --line-numbers
echo "=> $?"
iptables -L -p tcp
echo "=> $?"
iptables -F -p tcp
echo "=> $?"
iptables -P INPUT DROP -c 1 2
echo "=> $?"
iptables -N x -c 1 2
echo "=> $?"
iptables -A INPUT -p tcp -m tcp ! --tcp-flags SYN,ACK
echo "=> $?"
iptables -A INPUT -p tcp --tcp-flags SYN FOO
echo "=> $?"
iptables -A INPUT -p tcp --dport 1:2:3
echo "=> $?"
iptables -A INPUT -p tcp --dport 5:3
echo "=> $?"
iptables -A INPUT -p tcp --dport 5 --dport 6
echo "=> $?"
iptables -A INPUT -p tcp --dport
echo "=> $?"
iptables -A INPUT -m mark --mark x
echo "=> $?"
iptables -A INPUT -m mark
echo "=> $?"
iptables -A INPUT -m mark --mark 1 --mark 2
echo "=> $?"
iptables -A INPUT -m comment
echo "=> $?"
iptables -A INPUT -m conntrack
echo "=> $?"
iptables -A INPUT -m conntrack --ctstate FOO
echo "=> $?"
iptables -A INPUT -m conntrack --ctstate
echo "=> $?"
iptables -A INPUT -m limit ! --limit 5/s
echo "=> $?"
iptables -A INPUT -m limit --limit 0/s
echo "=> $?"
iptables -A INPUT -m limit --limit 20000/s
echo "=> $?"
iptables -A INPUT -m limit --limit 5/s --limit-burst 20000
echo "=> $?"
iptables -A INPUT -m limit --limit 5/s --limit 6/s
echo "=> $?"
iptables -A INPUT -p icmp --icmp-type 300
echo "=> $?"
iptables -A INPUT -p icmp --icmp-type 8/300
echo "=> $?"
iptables -A INPUT -m mac --mac-source foo
echo "=> $?"
iptables -A INPUT -m mac
echo "=> $?"
iptables -A INPUT -m iprange
echo "=> $?"
iptables -A INPUT -m iprange --src-range 1.2.3.4-foo
echo "=> $?"
iptables -A INPUT -m iprange --src-range foo
echo "=> $?"
iptables -A INPUT -m length --length foo
echo "=> $?"
iptables -A INPUT -m length
echo "=> $?"
iptables -A INPUT -p udp -m multiport
echo "=> $?"
iptables -A INPUT -p udp -m multiport --dports foo
echo "=> $?"
iptables -A INPUT -p udp -m multiport --dports 1 --sports 2
echo "=> $?"
iptables -A INPUT -p udp -m multiport --dports 70000
echo "=> $?"
iptables -A INPUT -m owner
echo "=> $?"
iptables -A INPUT -m pkttype --pkt-type foo
echo "=> $?"
iptables -A INPUT -m recent
echo "=> $?"
iptables -A INPUT -m recent --set --update
echo "=> $?"
iptables -A INPUT -m recent --set --seconds 5
echo "=> $?"
iptables -A INPUT -m recent --update --seconds x
echo "=> $?"
iptables -A INPUT -m recent --update --hitcount 300
echo "=> $?"
iptables -A INPUT -m addrtype --dst-type FOO
echo "=> $?"
iptables -A INPUT -m addrtype
echo "=> $?"
iptables -A INPUT -m ttl
echo "=> $?"
iptables -A INPUT -m ttl --ttl-eq 300
echo "=> $?"
iptables -A INPUT -m tos
echo "=> $?"
iptables -A INPUT -m string --string foo
echo "=> $?"
iptables -A INPUT -m string --algo bm
echo "=> $?"
iptables -A INPUT -m string --string a --algo foo
echo "=> $?"
iptables -A INPUT -m statistic
echo "=> $?"
iptables -A INPUT -m statistic --mode foo
echo "=> $?"
iptables -A INPUT -m statistic --mode nth
echo "=> $?"
iptables -A INPUT -m statistic --mode random
echo "=> $?"
iptables -A INPUT -m hashlimit
echo "=> $?"
iptables -A INPUT -m hashlimit --hashlimit-name a
echo "=> $?"
iptables -A INPUT -m hashlimit --hashlimit-upto 5/s
echo "=> $?"
iptables -A INPUT -j LOG --log-level foo
echo "=> $?"
iptables -A INPUT -j LOG --log-prefix
echo "=> $?"
iptables -A INPUT -j LOG --log-prefix ""
echo "=> $?"
iptables -A INPUT -j LOG --log-prefix a b
echo "=> $?"
iptables -A INPUT -j MARK
echo "=> $?"
iptables -t mangle -A INPUT -j MARK
echo "=> $?"
iptables -t mangle -A INPUT -j MARK --set-mark x
echo "=> $?"
iptables -A INPUT -j MARK --set-mark 1
echo "=> $?"
iptables -A INPUT -j REJECT --reject-with
echo "=> $?"
iptables -A FORWARD -j TCPMSS
echo "=> $?"
iptables -A FORWARD -j TCPMSS --set-mss 5
echo "=> $?"
iptables -A FORWARD -p tcp --syn -j TCPMSS --set-mss x
echo "=> $?"
iptables -t nat -A PREROUTING -j DNAT --to foo
echo "=> $?"
iptables -t nat -A PREROUTING -j DNAT --to 1.2.3.4:80
echo "=> $?"
iptables -t nat -A PREROUTING -p tcp -j DNAT --to 1.2.3.4:80000
echo "=> $?"
iptables -t nat -A PREROUTING -p tcp -j DNAT --to 1.2.3.4:90-80
echo "=> $?"
iptables -t nat -A PREROUTING -p tcp -j REDIRECT --to-port x
echo "=> $?"
iptables -t nat -A PREROUTING -j REDIRECT --to-port 80
echo "=> $?"
iptables -t nat -A POSTROUTING -j SNAT
echo "=> $?"
iptables -t nat -A POSTROUTING -j SNAT --to 1.2.3.4 --to 1.2.3.5
echo "=> $?"
iptables -t nat -A POSTROUTING -j SNAT --to-source 1.2.3.
echo "=> $?"
iptables -t mangle -A FORWARD -j DSCP
echo "=> $?"
iptables -t mangle -A FORWARD -j TOS
echo "=> $?"
iptables -t mangle -A FORWARD -j CONNMARK
echo "=> $?"
iptables -t mangle -A FORWARD -j TTL
echo "=> $?"
iptables -t raw -A PREROUTING -j CT
echo "=> $?"
iptables -t raw -A PREROUTING -j NOTRACK
echo "=> $?"
iptables -A INPUT -j NOTRACK
echo "=> $?"
iptables -A INPUT -j CT --notrack
echo "=> $?"
iptables -A INPUT -m tcp --dport 80
echo "=> $?"
iptables -A INPUT -p udp -m tcp --dport 80
echo "=> $?"
iptables -A INPUT -m frag
echo "=> $?"
iptables -A INPUT -j HL
echo "=> $?"
iptables -A INPUT -s fe80::1
echo "=> $?"
iptables -A INPUT -s 1.2.3.4/24/3
echo "=> $?"
iptables -A INPUT -s 1.2.3.4/foo
echo "=> $?"
iptables -A INPUT -s 1.2.3.400
echo "=> $?"
iptables -A INPUT -s ""
echo "=> $?"
iptables -A INPUT -s 1.2.3.4/
echo "=> $?"
iptables -A INPUT -s 10.0.0.0/255.0.255.0
echo "=> $?"
iptables -D INPUT 0
echo "=> $?"
iptables -D NOPE 1
echo "=> $?"
iptables -D NOPE -j ACCEPT
echo "=> $?"
iptables -I NOPE -j ACCEPT
echo "=> $?"
iptables -R NOPE 1 -j ACCEPT
echo "=> $?"
iptables -Z INPUT 0
echo "=> $?"
iptables -N
echo "=> $?"
iptables -N c
echo "=> $?"
iptables -N d
echo "=> $?"
iptables -A INPUT -i lo -j c
echo "=> $?"
iptables -A c -i lo -j d
echo "=> $?"
iptables -A d -j c
echo "=> $?"
iptables -X
echo "=> $?"
iptables -S
echo "=> $?"
iptables -L INPUT -Z
echo "=> $?"
iptables -L -nvx --line
echo "=> $?"
iptables -F c extra
echo "=> $?"
iptables -X c d
echo "=> $?"
iptables -P INPUT
echo "=> $?"
iptables -S INPUT 1
echo "=> $?"
iptables -S -n
echo "=> $?"
iptables -v -S INPUT
echo "=> $?"
iptables -A INPUT -v -s 1.2.3.4 -i eth0 ! -p tcp -j ACCEPT
echo "=> $?"
iptables -D INPUT -v -s 1.2.3.4 -i eth0 ! -p tcp -j ACCEPT
echo "=> $?"
iptables -N zz -v
echo "=> $?"
iptables -F -v
echo "=> $?"
iptables -X -v
echo "=> $?"
iptables -Z -v
echo "=> $?"
iptables -P INPUT ACCEPT -v
echo "=> $?"
iptables -C INPUT -v -j ACCEPT
echo "=> $?"
ip6tables -A INPUT -f -j ACCEPT
echo "=> $?"
ip6tables -4 -L
echo "=> $?"
ip6tables -A INPUT -p icmp -j ACCEPT
echo "=> $?"
ip6tables -A INPUT -p icmp --icmp-type 8
echo "=> $?"
ip6tables -A INPUT -s 1.2.3.4
echo "=> $?"
ip6tables -A INPUT -s fd00::/129
echo "=> $?"
ip6tables -A INPUT -p icmpv6 --icmpv6-type foo
echo "=> $?"
ip6tables -A INPUT -j REJECT --reject-with icmp-port-unreachable
echo "=> $?"
ip6tables -t nat -A PREROUTING -j DNAT --to fd00::1
echo "=> $?"
ip6tables -A INPUT -s 0::0/0 -d ::/0 -p all
echo "=> $?"
iptables -A INPUT -s 0/0 -d 0.0.0.0/0 -p all -j ACCEPT
echo "=> $?"
iptables --append INPUT --jump=ACCEPT --protocol=tcp
echo "=> $?"
iptables --append=INPUT --jump ACCEPT
echo "=> $?"
iptables --new=foo
echo "=> $?"
iptables --del=foo
echo "=> $?"
iptables --delete-c foo
echo "=> $?"
iptables --policy INPUT ACCEPT
echo "=> $?"
iptables --pol INPUT DROP
echo "=> $?"
iptables --list-rules=INPUT
echo "=> $?"
iptables -SINPUT
echo "=> $?"
iptables -AINPUT -jDROP
echo "=> $?"

#!/bin/sh
# What iptables-restore says of rule files that it refuses, and what stays of them.
t() {
  text=$1
  shift
  printf '%b' "$text" | iptables-restore "$@"
  echo "=> $?"
}
t '*filter\n-A INPUT --foo\nCOMMIT\n'
t '*filter\n-A NOSUCH -j ACCEPT\nCOMMIT\n'
t '*filter\n-A INPUT -j NOSUCH\nCOMMIT\n'
t '*filter\n-A INPUT -g NOSUCH\nCOMMIT\n'
t '*foo\nCOMMIT\n'
t 'foo\n'
t '*filter\nfoo\nCOMMIT\n'
t '*filter\n-A INPUT -j ACCEPT\n'
t '*filter\n-A INPUT -j ACCEPT\nCOMMIT'
t '*filter\n:INPUT FOO [0:0]\nCOMMIT\n'
t '*filter\n:INPUT\nCOMMIT\n'
t '*filter\n:\nCOMMIT\n'
t '*filter\n:foo DROP [0:0]\nCOMMIT\n'
t '*filter\n:ACCEPT - [0:0]\nCOMMIT\n'
t '*filter\n:foo -\n:foo -\nCOMMIT\n'
t '*filter\n:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -\nCOMMIT\n'
t '*filter\n:INPUT ACCEPT\nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT [x\nCOMMIT\n' -c
t '*filter\n[1:2 -A INPUT\nCOMMIT\n'
t '*filter\n[12] -A INPUT\nCOMMIT\n'
t '*filter\n[a:b] -A INPUT\nCOMMIT\n' -c
t '*filter\n[a:b] -A INPUT\nCOMMIT\n'
t '*filter\n-A INPUT -t filter -j ACCEPT\nCOMMIT\n'
t '*filter\n-A INPUT -j ACCEPT -w\nCOMMIT\n'
t '*filter\n-D INPUT 5\nCOMMIT\n'
t '*filter\n-D INPUT -j DROP\nCOMMIT\n'
t '*filter\n-N foo\n-N foo\nCOMMIT\n'
t '*filter\n-N INPUT\nCOMMIT\n'
t '*filter\n-N ACCEPT\nCOMMIT\n'
t '*filter\n-P INPUT FOO\nCOMMIT\n'
t '*filter\n-X foo\nCOMMIT\n'
t '*filter\n:a -\n-A INPUT -j a\n-A a -j INPUT\nCOMMIT\n'
t '*filter\n:a -\n-A INPUT -i lo -j a\n-A a -i lo -j a\nCOMMIT\n'
t '*filter\n-A OUTPUT -m mac --mac-source 0:0:0:0:0:1\nCOMMIT\n'
t '*filter\n-A INPUT -p tcp --dport 99999\nCOMMIT\n'
t '*filter\n-A INPUT -m limit\n-A INPUT -m limit --limit 5/x\nCOMMIT\n'
t '*filter\n-A INPUT -j LOG --log-prefix "abc\nCOMMIT\n'
t '*filter\n \nCOMMIT\n'
t '*nat\n-A PREROUTING -j DROP\nCOMMIT\n'
t '*nat\n:PREROUTING DROP [0:0]\nCOMMIT\n'
t '*nat\n-P PREROUTING DROP\nCOMMIT\n'
t '*filter\n-A INPUT -s 1.2.3.4/33 -j DROP\nCOMMIT\n'
t '*filter\n*nat\nCOMMIT\n'
t '*filter\nCOMMIT \n'
t '*filter\n-A INPUT -j REJECT --reject-with tcp-reset\nCOMMIT\n'
t '*filter\n-I INPUT 5 -j DROP\nCOMMIT\n'
t '*filter\n-R INPUT 5 -j DROP\nCOMMIT\n'
t '*filter\n-E foo bar\nCOMMIT\n'
t '*filter\n-F foo\nCOMMIT\n'
t '*filter\n-Z foo\nCOMMIT\n'
t '*filter\n-C INPUT -j DROP\nCOMMIT\n'
t '*filter\n-A INPUT -i averyveryverylongname -j DROP\nCOMMIT\n'
t '*filter\n-A INPUT foo\nCOMMIT\n'
t '*filter\n! -A INPUT\nCOMMIT\n'
t ''
t '\n'
t '# foo\n'
t '*filter\nCOMMIT\n' -T nat
t '*foo\nCOMMIT\n' -T nat
t '*filter\nCOMMIT\n' --foo
t '*filter\nCOMMIT\n' -V
t '*filter\nCOMMIT\n' a b
t '*filter\n:foo - [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n' -t
t '*filter\n:foo - [0:0]\n-A INPUT -j ACCEPT\nfoo\nCOMMIT\n' -t
t '*filter\n'
t '*filter\n-A INPUT -j ACCEPT\n*nat\n'
t '*\n'
t '*filter\n-A\nCOMMIT\n'
t '*filter\nA INPUT\nCOMMIT\n'
t '*filter\n-A INPUT -6 -j ACCEPT\n-A INPUT -4 -j DROP\nCOMMIT\n'
t '*filter\n:-x - [0:0]\nCOMMIT\n'
t '*filter\n:!x - [0:0]\nCOMMIT\n'
t '*filter\n:aaaaaaaaaaaaaaaaaaaaaaaaaaaaa - [0:0]\nCOMMIT\n'
t '*filter\n:aaaaaaaaaaaaaaaaaaaaaaaaaaaa - [0:0]\nCOMMIT\n'
t '*filter\n:LOG - [0:0]\nCOMMIT\n'
t '*filter\n:PREROUTING - [0:0]\nCOMMIT\n'
t '*filter\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n'
t '*filter\n:INPUT ACCEPT [0:0]\n:INPUT DROP [0:0]\nCOMMIT\n'
t '*filter\n:QUEUE - [0:0]\nCOMMIT\n'
t '*filter\n:RETURN - [0:0]\nCOMMIT\n'
t '*filter\n:foo - \nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT x\nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT [1]\nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT [a:1]\nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT [1:b]\nCOMMIT\n' -c
t '*filter\n:INPUT ACCEPT [1:b]\nCOMMIT\n'
t '*filter\n:foo ACCEPT [1:1]\nCOMMIT\n'
t '*filter\n:foo FOO\nCOMMIT\n'
t '*filter\n[1:] -A INPUT\nCOMMIT\n' 
t '*filter\n[1:] -A INPUT\nCOMMIT\n'  -c
t '*filter\n[:1] -A INPUT\nCOMMIT\n'  -c
t '*filter\n[] -A INPUT\nCOMMIT\n'
t '*filter\n[1:2x] -A INPUT\nCOMMIT\n' -c
t '*filter\n[1:2] \nCOMMIT\n' -c
t '*filter\n[1:2] \nCOMMIT\n'
t '*filter\n[1:2] -A INPUT -c 1 2\nCOMMIT\n' -c
t '*filter\n[1:2] -D INPUT 3\nCOMMIT\n' -c
t '*filter\r\nCOMMIT\r\n'
t '*filter\n-A INPUT -j ACCEPT\r\nCOMMIT\n'
t '*filter\nCOMMIT\r\n'
t '*filter\n  COMMIT\n'
t '*filter\n*nat foo\n'
t '* filter\nCOMMIT\n'
t ' *filter\nCOMMIT\n'
t '*filter foo\nCOMMIT\n'
t '*filter\n-A INPUT -i a/b -j ACCEPT\n-A FOO\nCOMMIT\n'
t '*filter\n:LOG -\n-A INPUT -j LOG\nCOMMIT\n'
t '*filter\n-A INPUT -W 5 -j ACCEPT\nCOMMIT\n'
t '*filter\n-A INPUT --wait -j ACCEPT\nCOMMIT\n'
t '*filter\n-A INPUT -t nat -t foo\nCOMMIT\n'
t '*filter\n-A INPUT --table=foo\nCOMMIT\n'
t '*filter\n-tfoo -A INPUT\nCOMMIT\n'
t '*filter\n-At\nCOMMIT\n'
t '*filter\n-nt -A INPUT\nCOMMIT\n'
t '*filter\n-A INPUT -m comment --comment "-t"\nCOMMIT\n'
t '*filter\n-A INPUT -m comment --comment -t\nCOMMIT\n'
t '*filter\n-A INPUT -m comment --comment "-t x"\nCOMMIT\n'
t '*filter\n-A INPUT -m comment --comment "--tx"\nCOMMIT\n'
t '*filter\n--to-ports 5 -A INPUT\nCOMMIT\n'
t '*filter\n--t nat -A INPUT\nCOMMIT\n'
t '*filter\n-A INPUT -j ACCEPT -x\nCOMMIT\n'
t '*filter\n-A INPUT -x\nCOMMIT\n'
t '*filter\n-A INPUT -4 -6\nCOMMIT\n'
t '*filter\n-A INPUT -p\nCOMMIT\n'
t '*filter\n-A INPUT -j\nCOMMIT\n'
t '*filter\n-Q\nCOMMIT\n'
t '*filter\n-A INPUT --dport 22\nCOMMIT\n'
t '*filter\n-E INPUT x\nCOMMIT\n'
t '*filter\n-N a -N b\nCOMMIT\n'
t '*filter\n-X INPUT\nCOMMIT\n'
t '*filter\n-Z INPUT 4\nCOMMIT\n'
t '*filter\nCOMMIT\nfoo\n'
t '*filter\nCOMMIT\n\n#x\n'
t '*filter\nCOMMIT\n \n'
t '*filter\n-A INPUT -s 1.2.3.4 -g\nCOMMIT\n'
t '*filter\n-A INPUT -j REJECT\n-A INPUT -j FOO\nCOMMIT\n*nat\nCOMMIT\n'
t '*filter\nCOMMIT\n' -T
t '*filter\nCOMMIT\n' -w x
t '*filter\nCOMMIT\n' -w5
t '*filter\nCOMMIT\n' -W 5
t '*filter\nCOMMIT\n' -z
t '*filter\nCOMMIT\n' --tab nat
t '*filter\nCOMMIT\n' --counters=5
t '*filter\nCOMMIT\n' -4
t '*filter\nCOMMIT\n' -6
t '*filter\nCOMMIT\n' -cn
t '*filter\n:x -\n-A FOO\nCOMMIT\n*nat\n-A BAR\nCOMMIT\n' -T mangle
iptables -S
ip6tables-restore -T </dev/null
echo "=> $?"
ip6tables-restore --t </dev/null
echo "=> $?"
printf '*filter\n-A INPUT -j ACCEPT -w\nCOMMIT\n' | ip6tables-restore
echo "=> $?"
printf '*filter\n-A INPUT -p ah -j DROP\nCOMMIT\n' | ip6tables-restore
echo "=> $?"

#!/usr/bin/env python3
"""Random rules in every form that the option tables know, put to the real iptables-legacy (or ip6tables-legacy) and to
hookwalk: equal verdict, and equal text of -save, -S, -L and -L -n -v for what both take.

    rule_forms.py --hookwalk PATH --family 6 --count 1000 --seed 1 [--only srh,DNAT] [--show 20]
    rule_forms.py --hookwalk PATH --family 6 --count 1000 --seed 1 --faults
    rule_forms.py --hookwalk PATH --family 6 --rules FILE

With --faults each rule is one that hookwalk takes, with one deliberate fault in it: a word lost, doubled, misspelled or out of its place.

The lines come from the tables below: for each match and target its options with values that are right, at a limit, or wrong.
FILE has lines `table|-A CHAIN ...` instead. Needs root: the real tools run in a network and mount namespace of their own, in which
no names of hosts are known. Exit 1 where anything differs."""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter

TABLES = {"filter": ["INPUT", "FORWARD", "OUTPUT"], "raw": ["PREROUTING", "OUTPUT"], "security": ["INPUT", "FORWARD", "OUTPUT"],
          "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]}
JUNK = ["", "x", "-1", "0x", "256", "65536", "4294967296", "99999999999999999999", "1:2:3", ",", "1,,2", "!", "1/", "/", "1-", "0x10", "010",
        "+5", "' 7'", "1.2.3.4", "fd00::1", "::", "255", "0", "1:", ":1", ":", "65535", "4294967295", "\"a b\"", "any", "ALL"]


class Pool:
    """Values of a kind, for a family."""

    def __init__(self, r, six):
        self.r, self.six = r, six

    def pick(self, *values):
        return self.r.choice(values)

    def number(self, top=255):
        r = self.r
        return str(r.choice([0, 1, 2, 5, 8, 24, 40, top // 2, top - 1, top, top + 1, r.randint(0, top), hex(r.randint(0, top)), oct(r.randint(0, top)).replace("o", "")]))

    def range(self, top, mark=":"):
        r = self.r
        a, b = sorted([r.randint(0, top), r.choice([0, 1, 5, top, r.randint(0, top)])])
        return r.choice([f"{a}{mark}{b}", f"{a}{mark}{b}", str(a), f"{a}{mark}", f"{mark}{b}", f"{b}{mark}{a}", mark, f"{a}{mark}{a}", self.number(top)])

    def address(self):
        if self.six:
            return self.pick("fd00::1", "2001:db8::5", "fe80::1", "ff02::1", "::", "::1", "::ffff:1.2.3.4", "::1.2.3.4", "FD00::ABCD", "1:0:0:2:0:0:0:3", "64:ff9b::8.8.8.8",
                             "1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1::3:0:0:6:7:8", "fd00:0:0:1::", "::5:6", "::ffff:0:1", "0:0:1::", f"fd00::{self.r.randint(0, 65535):x}")
        return self.pick("10.0.0.1", "192.168.1.5", "224.0.0.1", "255.255.255.255", "0.0.0.0", "10.1", "010.0.0.1", "0x0a000001", "1.2.3.4", f"10.0.{self.r.randint(0, 255)}.9")

    def mask(self):
        if self.six:
            return self.pick("0", "1", "7", "16", "48", "63", "64", "65", "96", "112", "127", "128", "129", "ffff::", "ffff:ffff:ffff:ffff::", "ffff::ffff", "::", "0x40", "255.255.0.0", "ffff:fe00::")
        return self.pick("0", "1", "8", "16", "24", "31", "32", "33", "255.255.255.0", "255.0.255.0", "0.0.0.0", "0x18", "ffff::")

    def network(self):
        return self.r.choices([self.address() + "/" + self.mask(), self.address(), self.address() + "," + self.address() + "/" + self.mask(),
                               "fd00::1" if not self.six else "10.0.0.1", self.address() + "/"], [6, 4, 1, 0.3, 0.2])[0]

    def host(self):
        return self.r.choices([self.address() + "/" + self.mask(), self.address(), "fd00::1" if not self.six else "10.0.0.1"], [5, 4, 0.4])[0]

    def span(self):
        return self.r.choices([self.address() + "-" + self.address(), self.address(), self.address() + "-", "-" + self.address()], [7, 2, 0.3, 0.3])[0]

    def port(self):
        return self.pick("0", "1", "22", "80", "443", "1024", "65535", "65536", "ssh", "http", "domain", "0x50", "010", "nosuch")

    def ports(self, mark=":"):
        return self.r.choices([self.port(), self.port() + mark + self.port(), mark + self.port(), self.port() + mark, mark], [5, 4, 1, 1, 0.3])[0]

    def port_list(self):
        return ",".join(self.ports() if self.r.random() < 0.3 else self.port() for _ in range(self.r.choice([1, 1, 2, 3, 7, 15, 16])))

    def words(self, *names):
        return ",".join(self.r.sample(names, self.r.randint(1, min(4, len(names)))))

    def marked(self):
        return self.r.choices([self.number(0xffffffff), self.number(0xffffffff) + "/" + self.number(0xffffffff)], [2, 3])[0]

    def to(self):
        """What a NAT target translates to."""
        r, first = self.r, self.address()
        span = r.choices([first, first + "-" + self.address(), ""], [5, 3, 0.7])[0]
        port = r.choices(["", ":" + self.port(), f":{r.randint(0, 65535)}-{r.randint(0, 65535)}", ":1000-2000", ":1000-2000/" + self.port()], [4, 3, 1, 2, 1])[0]
        if self.six and r.random() < 0.75:
            span = r.choices([f"[{span}]", f"x[{span}]y", f"[{span}", f"[{first}]-[{self.address()}]"], [20, 1, 1, 1])[0]
        return span + port

    def chunks(self):
        names = ["DATA", "INIT", "INIT_ACK", "SACK", "HEARTBEAT", "ABORT", "SHUTDOWN", "SHUTDOWN_COMPLETE", "COOKIE_ECHO", "ASCONF", "ASCONF_ACK", "FORWARD_TSN", "I_DATA", "RE_CONFIG", "PAD",
                 "I_FORWARD_TSN", "data", "ERROR", "ECN_CWR", "AUTH" if self.r.random() < 0.1 else "SACK"]
        one = lambda name: name + (self.r.choice([":", ":BE", ":Ub", ":T", ":t", ":-", ":iu", ":x"]) if self.r.random() < (0.7 if name in ("DATA", "ABORT", "SHUTDOWN_COMPLETE") else 0.08) else "")
        return self.r.choices(["ALL", "NONE", ",".join(one(name) for name in self.r.sample(names, self.r.randint(1, 6)))], [1, 1, 9])[0]

    def clock(self):
        r = self.r
        return r.choices([f"{r.randint(0, 24)}:{r.randint(0, 60)}", f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 60):02}", "8", "8:", ":5", "+1:5", "-1:5", "1:2:3:4"],
                         [5, 5, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3])[0]

    def date(self):
        r = self.r
        text = str(r.choice([1969, 1970, 2000, 2026, 2037, 2038, 2039]) if r.random() < 0.4 else r.randint(1970, 2038))
        for mark, top in (("-", 13), ("-", 32), ("T", 24), (":", 60), (":", 60)):
            if r.random() < 0.25:
                break
            text += mark + (str(r.randint(0, top)) if r.random() < 0.97 else "")
        return text

    def rate(self):
        return self.pick("1mbit", "1000", "2gbit", "10KBps", "1.5kbit", "3kibit", "0", "x", "1x", "1e6bit", "123456789")

    def bytecode(self):
        r = self.r
        count = r.randint(1, 8)
        code = lambda: r.choice([0x20, 0x28, 0x30, 0x80, 0x40, 0x48, 0x50, 0, 0x60, 0x81, 0xb1, 1, 0x61, 2, 3, 7, 0x87, 6, 0x16, 5, 0x84] + [0x15, 0x1d, 0x25, 0x35, 0x45] * 2
                                + [o | k for o in (4, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x94, 0xa4) for k in (0, 8)] + ([r.randint(0, 300)] if r.random() < 0.1 else []))
        operand = lambda: r.choice([0, 1, 2, 3, 4, 5, 9, 12, 15, 16, 31, 32, 64, 0xfffff000, 0xfffff004, 0xfffff014, 0xfffff03c, 0xfffff040, 0xfffff002, 0xfff00009, 0xffe00000, r.randint(0, 0xffffffff)])
        lines = [f"{code()} {r.choice([0, 0, 1, 2])} {r.choice([0, 0, 1, 2])} {operand()}" for _ in range(count - 1)] + [r.choice(["6 0 0 1", "6 0 0 0", "22 0 0 0"] * 4 + ["48 0 0 9", "6 0 0"])]
        return f'"{count if r.random() < 0.97 else count + 1},{",".join(lines)}"'

    def options(self):
        r = self.r
        one = lambda: r.choices([str(r.choice([0, 1, 2, 5, 194, 255, 256, 300])), f"{r.choice([0, 1, 5, 194, 256])}:{r.choice([0, 1, 2, 4, 255, 256])}", "-1", "x", ""], [9, 9, 0.5, 0.3, 0.2])[0]
        return ",".join(one() for _ in range(r.choice([1, 1, 2, 3, 5, 15, 16, 17])))


# name: (where it may stand, options). Where: p = protocols of which the rule needs one, t = tables, h = hooks. An option: its name,
# "!" behind it where it may be negated, "*" where a rule needs it, and what makes its value, None without one.
def matches(p):
    """The matches of both families."""
    n, r = p.number, p.r
    port = [("sport!", p.ports), ("dport!", p.ports), ("source-port!", p.ports)]
    flags = lambda: " ".join([p.words("SYN", "ACK", "FIN", "RST", "URG", "PSH") if r.random() < 0.9 else p.pick("ALL", "NONE", "syn"), p.words("SYN", "ACK", "FIN", "RST", "NONE")])
    result = {
        "tcp": (dict(p=["tcp"]), port + [("tcp-flags!", flags), ("syn!", None), ("tcp-option!", n)]),
        "udp": (dict(p=["udp"]), port),
        "multiport": (dict(p=["tcp", "udp", "sctp", "dccp", "udplite"]), [("sports!", p.port_list), ("dports!", p.port_list), ("ports!", p.port_list)]),
        "esp": (dict(p=["esp"]), [("espspi!", lambda: p.range(0xffffffff))]),
        "comment": ({}, [("comment*", lambda: p.pick("a", "'a b'", '"a\\"b"', "x" * 255, "x" * 257, '""'))]),
        "mark": ({}, [("mark!*", p.marked)]),
        "connmark": ({}, [("mark!*", p.marked)]),
        "length": ({}, [("length!*", lambda: p.range(65535))]),
        "limit": ({}, [("limit", lambda: p.pick("5/sec", "1/minute", "10/hour", "3/day", "7", "0/s", "10001/s", "5/x")), ("limit-burst", lambda: n(10000))]),
        "state": ({}, [("state!*", lambda: p.words("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "new", "BAD"))]),
        "conntrack": ({}, [("ctstate!", lambda: p.words("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "SNAT", "DNAT")),
                           ("ctproto!", lambda: p.pick("tcp", "udp", "ipv6-icmp", "icmp", "58", "0", "255", "256")),
                           ("ctorigsrc!", p.host), ("ctorigdst!", p.host), ("ctreplsrc!", p.host), ("ctrepldst!", p.host), ("ctorigsrcport!", p.ports),
                           ("ctrepldstport!", p.ports), ("ctstatus!", lambda: p.words("NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED")),
                           ("ctexpire!", lambda: p.range(0xffffffff)), ("ctdir", lambda: p.pick("ORIGINAL", "REPLY", "original"))]),
        "addrtype": ({}, [(name, lambda: p.words("UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"))
                          if r.random() < 0.5 else (name, lambda: p.words("UNICAST", "LOCAL", "MULTICAST", "ANYCAST", "UNSPEC", "UNREACHABLE")) for name in ("src-type!", "dst-type!")]
                     + [("limit-iface-in", None), ("limit-iface-out", None)]),
        "iprange": ({}, [("src-range!", p.span), ("dst-range!", p.span)]),
        "tos": ({}, [("tos!*", lambda: p.pick("0x10", "16", "0x10/0x3f", "Minimize-Delay", "normal-service", "255/255", "0", "0/0", "0x02/0x03"))]),
        "dscp": ({}, [("dscp!", lambda: n(63)), ("dscp-class!", lambda: p.pick("EF", "AF11", "cs3", "BE", "AF44"))]),
        "ecn": (dict(p=["tcp", "", "udp"]), [("ecn-tcp-cwr!", None), ("ecn-tcp-ece!", None), ("ecn-ip-ect!", lambda: n(3))]),
        "hashlimit": ({}, [("hashlimit-upto!", lambda: p.pick("5/sec", "1/minute", "10kb/s", "7", "0", "512b/s")), ("hashlimit-above!", lambda: p.pick("5/sec", "100/day", "1mb/s")),
                           ("hashlimit-name*", lambda: f"n{r.randint(0, 9999)}"), ("hashlimit-burst", lambda: p.pick("5", "1", "100", "0", "1mb")),
                           ("hashlimit-mode", lambda: p.words("srcip", "dstip", "srcport", "dstport")), ("hashlimit-srcmask", p.mask), ("hashlimit-dstmask", p.mask),
                           ("hashlimit-htable-size", lambda: n(1000)), ("hashlimit-htable-max", lambda: n(1000)), ("hashlimit-htable-expire", lambda: n(100000)),
                           ("hashlimit-htable-gcinterval", lambda: n(10000)), ("hashlimit-rate-match", None), ("hashlimit-rate-interval", lambda: n(10))]),
        "recent": ({}, [("set!", None), ("rcheck!", None), ("update!", None), ("remove!", None), ("seconds", lambda: n(1000)), ("reap", None), ("hitcount", lambda: n(20)),
                        ("rttl", None), ("name", lambda: f"r{r.randint(0, 9999)}"), ("rsource", None), ("rdest", None),
                        ("mask", lambda: p.pick("ffff:ffff::", "ffff::ffff", "::", "64") if p.six else p.pick("255.255.0.0", "0.0.0.255", "24"))]),
        "policy": ({}, [("dir*", lambda: p.pick("in", "out", "IN")), ("pol", lambda: p.pick("none", "ipsec", "ipsec", "x")), ("strict", None), ("reqid!", lambda: n(0xffffffff)),
                        ("spi!", lambda: n(0xffffffff)), ("proto!", lambda: p.pick("esp", "ah", "ipcomp", "50", "tcp")), ("mode!", lambda: p.pick("tunnel", "tunnel", "transport")),
                        ("tunnel-src!", p.host), ("tunnel-dst!", p.host), ("next", None)]),
        "rpfilter": (dict(t=["raw", "mangle"], h=["PREROUTING"]), [("loose", None), ("validmark", None), ("accept-local", None), ("invert", None)]),
        "owner": (dict(h=["OUTPUT", "POSTROUTING"]), [("uid-owner!", lambda: p.pick("0", "root", "5-9", "9-5", "4294967294", "4294967295")), ("gid-owner!", lambda: p.pick("0", "adm", "5-9")),
                                                       ("socket-exists!", None), ("suppl-groups", None)]),
        "mac": (dict(h=["PREROUTING", "INPUT", "FORWARD"]), [("mac-source!*", lambda: p.pick("00:11:22:33:44:55", "0:1:2:a:b:c", "FF:ff:ff:ff:ff:ff", "00-11-22-33-44-55", "0:1:2:3:4"))]),
        "pkttype": ({}, [("pkt-type!*", lambda: p.pick("unicast", "broadcast", "multicast", "host", "MULTICAST"))]),
        "helper": ({}, [("helper!*", lambda: p.pick("ftp", "irc-6667", "a" * 31, '""'))]),
        "quota": ({}, [("quota!*", lambda: p.pick("0", "1000", "18446744073709551615", "0x10"))]),
        "statistic": ({}, [("mode*", lambda: p.pick("random", "nth")), ("probability!", lambda: p.pick("0.5", "0", "1", "1.5", ".25")), ("every!", lambda: n(100)), ("packet", lambda: n(100))]),
        "string": ({}, [("string!*", lambda: p.pick("abc", '"a b"', "'|'")), ("algo*", lambda: p.pick("bm", "kmp", "x")), ("from", lambda: n(65535)), ("to", lambda: n(65535)), ("icase", None)]),
        "tcpmss": (dict(p=["tcp"]), [("mss!*", lambda: p.range(65535))]),
        "u32": ({}, [("u32!*", lambda: p.pick('"4=5"', '"0>>22&0x3C@4=0:0xffff,7"', '"40&0xff=6"', '"6&0xff00=0x3a00&&40>>24=128"', '"x"', '""'))]),
        "connbytes": ({}, [("connbytes!*", lambda: p.range(1000)), ("connbytes-dir*", lambda: p.pick("original", "reply", "both")), ("connbytes-mode*", lambda: p.pick("packets", "bytes", "avgpkt"))]),
        "physdev": ({}, [("physdev-in!", lambda: p.pick("eth0", "eth+", "a" * 16)), ("physdev-is-bridged!", None), ("physdev-is-in!", None)]),
        "sctp": (dict(p=["sctp", "132"]), [("sport!", p.ports), ("dport!", p.ports), ("source-port!", p.ports),
                                           ("chunk-types!", lambda: p.pick("all", "any", "only", "ANY", "none") + " " + p.chunks())]),
        "dccp": (dict(p=["dccp", "33"]), [("sport!", p.ports), ("dport!", p.ports), ("destination-port!", p.ports),
                                          ("dccp-types!", lambda: p.words("REQUEST", "RESPONSE", "DATA", "ack", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID", "x")
                                           if r.random() < 0.2 else p.words("REQUEST", "RESPONSE", "DATA", "ack", "INVALID", "RESET")), ("dccp-option!", n)]),
        "ipcomp": (dict(p=["ipcomp", "108"]), [("ipcompspi!", lambda: p.range(0xffffffff)), ("compres", None)]),
        "connlimit": ({}, [("connlimit-upto!", lambda: n(0xffffffff)), ("connlimit-above!", lambda: n(50)), ("connlimit-mask", p.mask), ("connlimit-saddr", None), ("connlimit-daddr", None)]),
        "connlabel": ({}, [("label!*", lambda: n(127)), ("set", None)]),
        "cluster": ({}, [("cluster-total-nodes*", lambda: n(32)), ("cluster-local-node!", lambda: p.pick("1", "2", "4", n(32))), ("cluster-local-nodemask!", lambda: p.pick("1", "3", n(32))),
                         ("cluster-hash-seed*", lambda: n(0xffffffff))]),
        "devgroup": (dict(h=["FORWARD", "INPUT", "OUTPUT", "PREROUTING", "POSTROUTING"]), [("src-group!", lambda: p.pick("default", p.marked(), p.marked())), ("dst-group!", p.marked)]),
        "cpu": ({}, [("cpu!*", lambda: n(0xffffffff))]),
        "socket": (dict(h=["PREROUTING", "INPUT"]), [("transparent", None), ("nowildcard", None), ("restore-skmark", None)]),
        "bpf": ({}, [("bytecode", p.bytecode), ("object-pinned", lambda: "/sys/fs/bpf/none")] if r.random() < 0.1 else [("bytecode*", p.bytecode)]),
        "cgroup": (dict(h=["INPUT", "OUTPUT", "POSTROUTING"]), [("path!", lambda: p.pick("/", '""', "nosuch.group", "//")), ("cgroup!", lambda: n(0xffffffff))]),
        "nfacct": ({}, [("nfacct-name*", lambda: p.pick("nosuch", '"a b"', "x" * 40))]),
        "time": ({}, [("timestart", p.clock), ("timestop", p.clock), ("datestart", p.date), ("datestop", p.date), ("monthdays!", lambda: ",".join(n(31) for _ in range(r.randint(1, 5)))),
                      ("weekdays!", lambda: ",".join(p.pick("Mon", "Tue", "We", "Thursday", "Fri", "Sat", "Sun", "1", "7", "8", "33", n(7)) for _ in range(r.randint(1, 4)))),
                      ("kerneltz", None), ("utc", None), ("localtz", None), ("contiguous", None)]),
        # None has the estimator, so that all of them are refused.
        "rateest": ({}, [("rateest1", lambda: "nosuch"), ("rateest-lt!", None), ("rateest-pps2", lambda: n(1000)), ("rateest-bps1", lambda: p.rate())]),
    }
    if p.six:
        icmp = ["destination-unreachable", "no-route", "communication-prohibited", "beyond-scope", "address-unreachable", "port-unreachable", "failed-policy", "reject-route",
                "packet-too-big", "time-exceeded", "ttl-exceeded", "ttl-zero-during-transit", "parameter-problem", "bad-header", "unknown-header-type", "unknown-option", "echo-request",
                "ping", "echo-reply", "pong", "router-solicitation", "router-advertisement", "neighbour-solicitation", "neighbor-solicitation", "neighbour-advertisement", "redirect",
                "PING", "echo", "neighbo", "any", "ttl", "r", "redir"]
        types = ["binding-refresh-request", "brr", "home-test-init", "hoti", "careof-test", "cot", "binding-update", "bu", "be", "hot", "ho", "BU", "b", "x"]
        names = ["hop", "dst", "route", "frag", "auth", "esp", "none", "prot", "hop-by-hop", "ipv6-opts", "ipv6-route", "ipv6-frag", "ah", "ipv6-nonxt", "protocol", "0", "60", "43", "44",
                 "51", "50", "59", "255", "proto", "tcp", "HOP", "IPv6-Opts", "hopopt"]
        addresses = lambda: ",".join(p.address() for _ in range(r.choice([1, 2, 3, 16, 17])))
        small = lambda: n(255)
        result |= {
            "icmp6": (dict(p=["icmpv6", "ipv6-icmp", "58", "IPv6-ICMP"]), [("icmpv6-type!*", lambda: r.choice([r.choice(icmp), n(255), n(255) + "/" + n(255)]))]),
            "icmpv6": (dict(p=["icmpv6", "ipv6-icmp", "58"]), [("icmpv6-type!*", lambda: r.choice([r.choice(icmp), n(255), n(255) + "/" + n(255)]))]),
            "ah": ({}, [("ahspi!", lambda: p.range(0xffffffff)), ("ahlen!", lambda: n(0xffffffff)), ("ahres", None)]),
            "hbh": ({}, [("hbh-len!", lambda: n(0xffffffff)), ("hbh-opts", p.options)]),
            "dst": ({}, [("dst-len!", lambda: n(0xffffffff)), ("dst-opts", p.options)]),
            "frag": ({}, [("fragid!", lambda: p.range(0xffffffff)), ("fraglen!", lambda: n(0xffffffff)), ("fragres", None), ("fragfirst", None), ("fragmore", None), ("fraglast", None)]),
            "ipv6header": ({}, [("header!*", lambda: ",".join(r.sample(names, r.randint(1, 4))) if r.random() < 0.4 else p.words(*names[:23])), ("soft", None)]),
            "mh": (dict(p=["mh", "135", "mobility-header"]), [("mh-type!", lambda: r.choice([r.choice(types), r.choice(types) + ":" + r.choice(types), p.range(255)]))]),
            "rt": ({}, [("rt-type!", lambda: p.pick("0", "0", "0", "4", n(0xffffffff))), ("rt-segsleft!", lambda: p.range(0xffffffff)), ("rt-len!", lambda: n(0xffffffff)), ("rt-0-res", None),
                        ("rt-0-addrs", addresses), ("rt-0-not-strict", None)]),
            "srh": ({}, [(f"srh-{f}-{c}!", small) for f in ("hdr-len", "segs-left", "last-entry") for c in ("eq", "gt", "lt")] + [("srh-next-hdr!", small), ("srh-tag!", lambda: n(65535))]),
            "hl": ({}, [("hl-eq!", small), ("hl!", small), ("hl-lt", small), ("hl-gt", small)]),
            "eui64": (dict(h=["PREROUTING", "INPUT", "FORWARD"]), []),
            "ttl": ({}, [("ttl-eq!", small)]),
        }
    else:
        icmp = ["any", "echo-request", "echo-reply", "destination-unreachable", "port-unreachable", "redirect", "ping", "time", "8/0", "3/1", "255/0", "echo"]
        result |= {
            "icmp": (dict(p=["icmp", "1"]), [("icmp-type!*", lambda: r.choice([r.choice(icmp), n(255), n(255) + "/" + n(255)]))]),
            "ah": (dict(p=["ah", "51"]), [("ahspi!", lambda: p.range(0xffffffff))]),
            "ttl": ({}, [("ttl-eq!", lambda: n(255)), ("ttl-lt", lambda: n(255)), ("ttl-gt", lambda: n(255)), ("ttl!", lambda: n(255))]),
            "hl": ({}, [("hl-eq!", lambda: n(255))]),
            "realm": (dict(h=["INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]), [("realm!*", lambda: p.pick("cosmos", "nosuch", p.marked(), p.marked(), p.marked()))]),
            "osf": (dict(p=["tcp"], h=["INPUT", "FORWARD", "PREROUTING"]), [("genre!*", lambda: p.pick("Linux", '"Windows XP"', "x" * 40)), ("ttl", lambda: n(2)), ("log", lambda: n(2))]),
        }
    return result


def targets(p):
    """The targets of both families."""
    n, r = p.number, p.r
    portful = ["tcp", "udp", "sctp", "dccp", "", "icmpv6", "icmp", "udplite"]
    syn = "--tcp-flags SYN,RST SYN"
    result = {
        "ACCEPT": ({}, []), "DROP": (dict(t=["filter", "mangle", "raw", "security"]), []), "RETURN": ({}, []),
        "LOG": ({}, [("log-prefix", lambda: p.pick("x", '"a b "', "y" * 40, '"a\\"b"')), ("log-level", lambda: p.pick("debug", "4", "7", "8", "warning", "x")), ("log-tcp-sequence", None),
                     ("log-tcp-options", None), ("log-ip-options", None), ("log-uid", None)]),
        "NFLOG": ({}, [("nflog-group", lambda: n(65535)), ("nflog-prefix", lambda: p.pick("x", '"a b"')), ("nflog-size", lambda: n(1000)), ("nflog-threshold", lambda: n(65535))]),
        "NFQUEUE": ({}, [("queue-num", lambda: n(65535)), ("queue-balance", lambda: p.range(65535)), ("queue-bypass", None), ("queue-cpu-fanout", None)]),
        "MARK": ({}, [("set-mark", p.marked), ("set-xmark", p.marked), ("and-mark", lambda: n(0xffffffff)), ("or-mark", lambda: n(0xffffffff)), ("xor-mark", lambda: n(0xffffffff))]),
        "CONNMARK": ({}, [("set-mark", p.marked), ("save-mark", None), ("restore-mark", None), ("set-xmark", p.marked), ("nfmask", lambda: n(0xffffffff)), ("ctmask", lambda: n(0xffffffff))]),
        "CLASSIFY": (dict(t=["mangle"], h=["POSTROUTING", "FORWARD", "OUTPUT"]), [("set-class*", lambda: p.pick("1:2", "ffff:ffff", "1:", "x", "12345:1"))]),
        "TOS": (dict(t=["mangle"]), [("set-tos", lambda: p.pick("0x10", "0x10/0x3f", "Minimize-Cost", "256")), ("and-tos", lambda: n(255)), ("or-tos", lambda: n(255)), ("xor-tos", lambda: n(255))]),
        "DSCP": (dict(t=["mangle"]), [("set-dscp", lambda: n(63)), ("set-dscp-class", lambda: p.pick("EF", "AF21", "CS7", "x"))]),
        "TCPMSS": (dict(t=["mangle", "filter"], h=["FORWARD", "OUTPUT", "POSTROUTING"], p=["tcp"], before=lambda: p.pick("-m tcp " + syn, "--syn", "-m tcp " + syn, "")),
                   [("set-mss", lambda: p.pick("1400", "0", "65495", "65496", "65515", "65516", n(65535))), ("clamp-mss-to-pmtu", None)]),
        "TCPOPTSTRIP": (dict(t=["mangle"], p=["tcp"]), [("strip-options*", lambda: p.words("timestamp", "mss", "sack", "8", "2", "wscale", "x", "255"))]),
        "CHECKSUM": (dict(t=["mangle"]), [("checksum-fill*", None)]),
        "TRACE": (dict(t=["raw"]), []), "NOTRACK": (dict(t=["raw"]), []),
        "CT": (dict(t=["raw"], p=["tcp", "udp", ""]), [("notrack", None), ("helper", lambda: p.pick("ftp", "tftp", "sip", "irc", "amanda", "netbios-ns", "snmp", "pptp", "Q.931", "RAS", "sane", "x")),
                                                        ("zone", lambda: p.pick("5", "mark", "65536")), ("zone-orig", lambda: n(65535)), ("ctevents", lambda: p.words("new", "related", "destroy", "x"))]),
        "SNAT": (dict(t=["nat"], h=["INPUT", "POSTROUTING"], p=portful), [("to-source*", p.to), ("random", None), ("random-fully", None), ("persistent", None)]),
        "DNAT": (dict(t=["nat"], h=["PREROUTING", "OUTPUT"], p=portful), [("to-destination*", p.to), ("random", None), ("persistent", None)]),
        "MASQUERADE": (dict(t=["nat"], h=["POSTROUTING"], p=portful), [("to-ports", lambda: p.ports("-")), ("random", None), ("random-fully", None)]),
        "REDIRECT": (dict(t=["nat"], h=["PREROUTING", "OUTPUT"], p=portful), [("to-ports", lambda: p.ports("-")), ("random", None)]),
        "NETMAP": (dict(t=["nat"]), [("to*", p.host)]),
        "TPROXY": (dict(t=["mangle"], h=["PREROUTING"], p=["tcp", "udp", "6"]), [("on-port*", p.port), ("on-ip", p.address), ("tproxy-mark", p.marked)]),
        "TEE": ({}, [("gateway*", p.address), ("oif", lambda: p.pick("eth0", "a" * 16, "lo", '"a b"'))]),
        "HMARK": ({}, [("hmark-tuple", lambda: p.words("src", "dst", "sport", "dport", "proto", "ct", "spi", "s", "SRC") if r.random() < 0.95 else p.pick("srcx", "src,", ",src")),
                       ("hmark-mod*", lambda: n(0xffffffff)), ("hmark-rnd*", lambda: n(0xffffffff)), ("hmark-offset", lambda: n(0xffffffff)), ("hmark-src-prefix", p.mask), ("hmark-dst-prefix", p.mask),
                       ("hmark-sport-mask", lambda: n(65535)), ("hmark-dport-mask", lambda: n(65535)), ("hmark-spi-mask", lambda: n(0xffffffff)), ("hmark-sport", lambda: n(65535)),
                       ("hmark-dport", lambda: n(65535)), ("hmark-spi", lambda: n(0xffffffff)), ("hmark-proto-mask", lambda: n(65535))]),
        "SYNPROXY": (dict(h=["INPUT", "FORWARD"], t=["filter", "mangle"], p=["tcp"]), [("sack-perm", None), ("timestamp", None), ("wscale", lambda: n(255)), ("mss", lambda: n(65535)), ("ecn", None)]),
        "AUDIT": ({}, [("type*", lambda: p.pick("accept", "DROP", "Reject", "x"))]),
        "CONNSECMARK": (dict(t=["mangle", "security"]), [("save", None), ("restore", None)]),
        "SECMARK": (dict(t=["mangle", "security"]), [("selctx*", lambda: p.pick("a", "system_u:object_r:x:s0"))]),
        # Names are shared by rules: each has its own.
        "IDLETIMER": ({}, [("timeout*", lambda: n(2147483)), ("label*", lambda: f"hookwalk{r.randint(0, 10 ** 9)}" if r.random() < 0.97 else p.pick("power", "a/b", '""')), ("alarm", None)]),
        "RATEEST": ({}, [("rateest-name*", lambda: f"e{r.randint(0, 10 ** 9)}"), ("rateest-interval*", lambda: p.pick("250ms", "251ms", "1s", "8s", "9s", "0", "100us", "2", "0.5s", "x")),
                         ("rateest-ewmalog*", lambda: p.pick("1s", "361ms", "10sec", "100s", "3000", "0", "0x4s", "1e3", "y"))]),
    }
    if p.six:
        kinds = ["icmp6-no-route", "no-route", "icmp6-adm-prohibited", "adm-prohibited", "icmp6-addr-unreachable", "addr-unreach", "icmp6-port-unreachable", "port-unreach", "tcp-reset", "tcp-reset",
                 "icmp6-policy-fail", "policy-fail", "icmp6-reject-route", "reject-route", "ICMP6-P", "a", "tcp", "icmp-port-unreachable", "icmp6-not-neighbour", "tcp-rst"]
        prefix = lambda: p.pick("fd00::/64", "fd00::/48", "2001:db8::/32", "::/0", "fd00::1/64", "fd00::/65", "fd00::/ffff:ffff::", "2001:db8:1:2::/63", "2001:db8:1:2::/64", "fd00::", p.host())
        pair = [("src-pfx*", prefix), ("dst-pfx*", prefix)]
        result |= {
            "REJECT": (dict(t=["filter"], p=["tcp", ""]), [("reject-with", lambda: r.choice(kinds))]),
            "HL": (dict(t=["mangle"]), [("hl-set", lambda: n(255)), ("hl-dec", lambda: n(255)), ("hl-inc", lambda: n(255))]),
            "SNPT": (dict(t=["mangle"], h=["INPUT", "POSTROUTING"]), pair), "DNPT": (dict(t=["mangle"], h=["PREROUTING", "OUTPUT"]), pair),
            "TTL": (dict(t=["mangle"]), [("ttl-set", lambda: n(255))]), "ECN": (dict(t=["mangle"], p=["tcp"]), [("ecn-tcp-remove", None)]),
        }
    else:
        kinds = ["icmp-net-unreachable", "host-unreach", "icmp-port-unreachable", "tcp-reset", "tcp-rst", "icmp-admin-prohibited", "ICMP-N", "h", "icmp6-no-route", "x"]
        result |= {
            "REJECT": (dict(t=["filter"], p=["tcp", ""]), [("reject-with", lambda: r.choice(kinds))]),
            "TTL": (dict(t=["mangle"]), [("ttl-set", lambda: n(255)), ("ttl-dec", lambda: n(255)), ("ttl-inc", lambda: n(255))]),
            "ECN": (dict(t=["mangle"], p=["tcp"]), [("ecn-tcp-remove*", None)]), "HL": (dict(t=["mangle"]), [("hl-set", lambda: n(255))]),
        }
    return result


class Lines:
    """Makes random rules."""

    def __init__(self, seed, six, only):
        self.r = random.Random(seed)
        self.pool = Pool(self.r, six)
        self.six, self.only = six, only

    def options(self, options):
        r, words = self.r, []
        chosen = [o for o in options if r.random() < (0.96 if "*" in o[0] else 0.75 if len(options) == 1 else 0.55 if len(options) == 2 else 0.3)]
        if chosen and r.random() < 0.015:
            chosen.append(r.choice(chosen))
        r.shuffle(chosen)
        if r.random() < 0.7:
            chosen.sort(key=lambda o: options.index(o))
        for name, make in chosen:
            plain = name.rstrip("!*")
            if r.random() < (0.25 if "!" in name else 0.01):
                words.append("!")
            if len(plain) > 4 and r.random() < 0.03:
                plain = plain[:r.randint(3, len(plain) - 1)]
                if "help".startswith(plain):
                    plain = name.rstrip("!*")
            if make is None:
                words.append("--" + plain)
                continue
            value = r.choice(JUNK) if r.random() < 0.04 else make()
            if not value:
                value = '""'
            words.append(f"--{plain}={value}" if r.random() < 0.03 and value[0] not in "'\"" else f"--{plain} {value}")
        return words

    def line(self):
        """A table and a rule."""
        r, p = self.r, self.pool
        known, ends = matches(p), targets(p)
        names = [n for n in self.only if n in known] if self.only else list(known)
        parts = r.sample(names, min(len(names), r.choices([0, 1, 2], [2, 7, 1.5])[0])) if names else []
        last = [n for n in self.only if n in ends] if self.only else list(ends)
        target = r.choice(last) if last and (not parts or r.random() < 0.3) else ""
        about = [known[n][0] for n in parts] + ([ends[target][0]] if target else [])
        tables = [t for t in TABLES if all(t in a.get("t", TABLES) for a in about)]
        if not any("t" in a for a in about) and r.random() < 0.7:
            tables = ["filter"]
        table = r.choice(list(TABLES) if r.random() < 0.03 or not tables else tables)
        hooks = [h for h in TABLES[table] if all(h in a.get("h", TABLES[table]) for a in about)]
        chain = r.choice(TABLES[table] if r.random() < 0.03 or not hooks else hooks)
        words = ["-A", chain]
        if r.random() < 0.25:
            words += (["!"] if r.random() < 0.2 else []) + [p.pick("-s", "--source"), p.network()]
        if r.random() < 0.2:
            words += (["!"] if r.random() < 0.2 else []) + ["-d", p.network()]
        if r.random() < 0.1:
            words += ["-i" if chain in ("PREROUTING", "INPUT", "FORWARD") else "-o", p.pick("eth0", "eth+", "+", "lo")]
        wanted = [a["p"] for a in about if "p" in a]
        number = r.choice(wanted[0]) if wanted and r.random() < 0.97 else p.pick("tcp", "udp", "icmp", "icmpv6", "all", "0", "41", "ipv6-frag", "ah", "esp", "255", "hopopt", "nosuch") \
            if r.random() < 0.15 else ""
        if number:
            words += (["!"] if r.random() < 0.06 else []) + ["-p", number]
        if not self.six and r.random() < 0.03:
            words.append(p.pick("-f", "! -f"))
        for name in parts:
            # The protocol's own match is loaded by its options, mostly.
            if not (name in ("tcp", "udp", "icmp", "icmp6", "icmpv6", "mh", "esp", "ah", "sctp", "dccp", "ipcomp") and r.random() < 0.3):
                words += ["-m", name]
            words += self.options(known[name][1])
        if target:
            if "before" in ends[target][0]:
                words.append(ends[target][0]["before"]())
            words += ["-j", target] + self.options(ends[target][1])
        return table, re.sub(" +", " ", " ".join(words)).strip()


FAULTS = []


def fault(plant):
    """A function of (random, words of a rule, table) that gives the words with one fault, or None where it has no place for it."""
    FAULTS.append(plant)
    return plant


def options_in(words):
    """The places of long options."""
    return [i for i, w in enumerate(words) if w.startswith("--")]


def values_in(words):
    """The places of words that are values of long options."""
    return [i for i in range(1, len(words)) if words[i - 1].startswith("--") and not words[i].startswith("-") and words[i] != "!"]


@fault
def unknown_option(r, words, table):
    return words + [r.choice(["--nosuch", "--nosuch 5", "-Q", "--line-number", "-x"])]


@fault
def misspelled_option(r, words, table):
    for i in r.sample(places := options_in(words), len(places)):
        w = words[i]
        at = r.randint(2, len(w) - 1) if len(w) > 3 else 2
        return words[:i] + [r.choice([w[:at] + w[at + 1:], w[:at] + "z" + w[at:], w + "x", w[1:], w.upper().replace("--", "--", 1)])] + words[i + 1:]


@fault
def lost_value(r, words, table):
    if places := values_in(words):
        i = r.choice(places)
        return words[:i] + words[i + 1:]


@fault
def wrong_value(r, words, table):
    if places := values_in(words):
        i = r.choice(places)
        return words[:i] + [r.choice(JUNK) or '""'] + words[i + 1:]


@fault
def damaged_value(r, words, table):
    if places := [i for i in values_in(words) if words[i][0] not in "\"'"]:
        i = r.choice(places)
        w, at = words[i], r.randint(0, len(words[i]))
        return words[:i] + [r.choice([w[:at] + r.choice("x,:/-.!+0") + w[at:], w + r.choice([",", ":", "/", "-", "x", "/x", ".5"]), w[1:] or "x", "-" + w, "0x" + w, w + w])] + words[i + 1:]


@fault
def double_option(r, words, table):
    if places := options_in(words):
        i = r.choice(places)
        end = i + 2 if i + 1 in values_in(words) else i + 1
        return words[:end] + words[i:end] + words[end:]


@fault
def negated(r, words, table):
    i = r.choice([i for i, w in enumerate(words) if w.startswith("-")])
    return words[:i] + ["!"] + words[i:]


@fault
def negation_behind(r, words, table):
    if places := options_in(words):
        i = r.choice(places)
        return words[:i + 1] + ["!"] + words[i + 1:]


@fault
def lost_option(r, words, table):
    if places := options_in(words):
        i = r.choice(places)
        return words[:i] + words[i + 2 if i + 1 in values_in(words) else i + 1:]


@fault
def lost_word(r, words, table):
    i = r.randrange(2, len(words)) if len(words) > 2 else 0
    return words[:i] + words[i + 1:] if i else None


@fault
def other_protocol(r, words, table):
    if "-p" in words:
        i = words.index("-p")
        return words[:i + 1] + [r.choice(["tcp", "udp", "icmp", "icmpv6", "all", "0", "nosuch", "256", "sctp", "esp"])] + words[i + 2:]
    return words[:2] + ["-p", r.choice(["tcp", "udp", "nosuch", "256"])] + words[2:]


@fault
def lost_protocol(r, words, table):
    if "-p" in words:
        i = words.index("-p")
        return words[:i] + words[i + 2:]


@fault
def unknown_extension(r, words, table):
    if places := [i + 1 for i, w in enumerate(words[:-1]) if w in ("-m", "-j")]:
        i = r.choice(places)
        return words[:i] + [r.choice(["nosuch", words[i] + "x", words[i].swapcase(), words[i][:-1] or "x", ""]) or '""'] + words[i + 1:]


@fault
def other_chain(r, words, table):
    return words[:1] + [r.choice(["INPUT", "OUTPUT", "FORWARD", "PREROUTING", "POSTROUTING", "nosuch", "x" * 29, "input"])] + words[2:]


@fault
def swapped_words(r, words, table):
    if len(words) > 3:
        i = r.randrange(2, len(words) - 1)
        return words[:i] + [words[i + 1], words[i]] + words[i + 2:]


@fault
def stray_word(r, words, table):
    i = r.randint(2, len(words))
    return words[:i] + [r.choice(["x", "!", "-", "--", "5", '""', "-m", "-j"])] + words[i:]


@fault
def second_target(r, words, table):
    return words + ["-j", r.choice(["ACCEPT", "DROP", "nosuch"])]


@fault
def other_table(r, words, table):
    return None


class FaultyLines:
    """Makes rules that the product takes, each with one fault."""

    def __init__(self, source, product, seed):
        self.source, self.product, self.r = source, product, random.Random(seed + 1)

    def lines(self, count):
        """Pairs of a table and a rule."""
        result = []
        while len(result) < count:
            batch = [self.source.line() for _ in range(min(400, 3 * (count - len(result)) + 20))]
            refused = self.product.refused(batch)
            result += [planted for i, line in enumerate(batch) if i not in refused and (planted := self.planted(*line))]
        return result[:count]

    def planted(self, table, rule):
        words = re.findall(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", rule)
        for plant in self.r.sample(FAULTS, len(FAULTS)):
            if plant is other_table:
                return self.r.choice([t for t in TABLES if t != table]), rule
            changed = plant(self.r, words, table)
            # Who asks for help gets it, and no rule.
            if changed and changed != words and not any(re.match(r"-h|--h(e(l(p)?)?)?$", w) for w in changed):
                return table, " ".join(changed)
        return None


# the two sides ---------------------------------------------------------------------------------------------------

class Real:
    """The real tools, in the namespace of this process."""

    def __init__(self, six):
        self.tool = "ip6tables-legacy" if six else "iptables-legacy"

    def restore(self, text):
        return subprocess.run([self.tool + "-restore"], input=text, text=True, capture_output=True, errors="replace")

    def show(self, table, *what):
        return subprocess.run([self.tool, "-t", table, *what], text=True, capture_output=True, errors="replace").stdout

    def save(self, table):
        return subprocess.run([self.tool + "-save", "-t", table], text=True, capture_output=True, errors="replace").stdout


def text_of(lines):
    """A rule file of (table, rule) pairs, and the number in the list that each line of the file has."""
    out, places = [], {}
    for table in TABLES:
        own = [i for i, line in enumerate(lines) if line[0] == table]
        if not own:
            continue
        out.append("*" + table)
        for i in own:
            out.append(lines[i][1])
            places[len(out)] = i
        out.append("COMMIT")
    return "\n".join(out) + "\n", places


class Product:
    """hookwalk."""

    def __init__(self, path, six):
        self.path, self.family = path, "6" if six else "4"

    def run(self, command, text, *more):
        with tempfile.NamedTemporaryFile("w", suffix=".rules", delete=False) as file:
            file.write(text)
        try:
            return subprocess.run([self.path, command, "--family", self.family, file.name, *more], text=True, capture_output=True, errors="replace")
        finally:
            os.unlink(file.name)

    def refused(self, lines):
        """The numbers of the lines that are refused, each with the message."""
        text, places = text_of(lines)
        result = {}
        answer = self.run("save", text)
        if answer.returncode not in (0, 3):
            sys.exit(f"hookwalk failed: {answer.stderr[-500:]}")
        for match in re.finditer(r"^[^\n:]*\.rules:(\d+):\d+: error: (.*)$", answer.stderr, re.M):
            if int(match[1]) in places:
                result.setdefault(places[int(match[1])], match[2])
        return result


def rows(text):
    """The lines of a listing or a saved table that are rules."""
    return [l for l in text.split("\n") if l and not re.match(r"#|\*|:|COMMIT|Chain |-P |-N |target |num | pkts", l)]


def compare(real, product, lines, show, figures):
    """Texts of lines that both sides take; the differences that are found."""
    text, _ = text_of(lines)
    answer = real.restore(text)
    if answer.returncode:
        if len(lines) == 1:
            return []
        half = len(lines) // 2
        return compare(real, product, lines[:half], show, figures) + compare(real, product, lines[half:], show, figures)
    found = []
    for table in TABLES:
        if not any(line[0] == table for line in lines):
            continue
        views = [("save", real.save(table), None), ("-S", real.show(table, "-S"), ["-S"]),
                 ("-L -n -v", real.show(table, "-L", "-n", "-v"), ["-n", "-v"]), ("-L", real.show(table, "-L"), [])]
        for name, theirs, options in views:
            if options is None:
                answered = product.run("save", text)
                if answered.returncode:
                    found.append(("save", table, "takes these rules together", (answered.stderr.split("\n") or [""])[0]))
                saved = answered.stdout
                part = re.search(rf"^\*{table}\n(.*?)^COMMIT", saved, re.M | re.S)
                ours = part[1] if part else ""
            else:
                ours = product.run("list", text, "-t", table, *options).stdout
            left, right = rows(theirs), rows(ours)
            figures[name] += max(len(left), len(right))
            if len(left) != len(right):
                found.append((name, table, f"{len(left)} rows", f"{len(right)} rows"))
                continue
            for a, b in zip(left, right):
                if a == b:
                    figures[name + " equal"] += 1
                else:
                    found.append((name, table, a, b))
        real.show(table, "-F")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hookwalk", required=True)
    parser.add_argument("--family", choices=["4", "6"], default="6")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names of matches and targets, with commas")
    parser.add_argument("--faults", action="store_true", help="plant a fault in each rule")
    parser.add_argument("--rules", help="a file with lines `table|rule`, instead of random ones")
    parser.add_argument("--show", type=int, default=20, help="how many differences are printed")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        os.execvp("unshare", ["unshare", "-n", "-m", sys.executable, os.path.abspath(__file__), "--inside", *sys.argv[1:]])
    for name in ("hosts", "networks", "resolv.conf"):
        if os.path.exists("/etc/" + name):
            subprocess.run(["mount", "--bind", "/dev/null", "/etc/" + name], check=True)
    six = arguments.family == "6"
    real, product = Real(six), Product(arguments.hookwalk, six)
    if arguments.rules:
        lines = [tuple(l.rstrip("\n").split("|", 1)) for l in open(arguments.rules) if "|" in l]
    else:
        source = Lines(arguments.seed, six, [n for n in arguments.only.split(",") if n])
        lines = FaultyLines(source, product, arguments.seed).lines(arguments.count) if arguments.faults else [source.line() for _ in range(arguments.count)]
    figures, shown = Counter(), 0
    for start in range(0, len(lines), 400):
        batch = lines[start:start + 400]
        refused = product.refused(batch)
        both, differing = [], []
        for i, (table, rule) in enumerate(batch):
            answer = real.restore(f"*{table}\n{rule}\nCOMMIT\n")
            takes = answer.returncode == 0
            if not takes and i not in refused:
                # A rule before it may have made it unreachable, and then the kernel refuses less.
                refused |= {i: text for text in product.refused([(table, rule)]).values()}
            figures["lines"] += 1
            figures["taken" if takes else "refused"] += 1
            if takes != (i not in refused):
                reason = refused.get(i) if takes else answer.stderr.split("\n")[0].replace(" (legacy)", "")
                differing.append(("verdict", table, rule, ("hookwalk refuses: " if takes else "hookwalk takes, iptables says: ") + str(reason)))
            else:
                figures["verdict equal"] += 1
                if takes:
                    both.append((table, rule))
        for table in TABLES:
            real.show(table, "-F")
        for place in range(0, len(both), 100):
            differing += compare(real, product, both[place:place + 100], arguments.show, figures)
        figures["differences"] += len(differing)
        for kind, table, a, b in differing:
            if shown < arguments.show:
                print(f"{kind} in {table}\n  iptables: {a}\n  hookwalk: {b}" if kind != "verdict" else f"verdict in {table}\n  {a}\n  {b}")
            shown += 1
    print(", ".join(f"{name} {count}" for name, count in figures.items()))
    return 1 if figures["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())

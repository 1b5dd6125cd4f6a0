"""The network of a random scenario: interfaces, addresses, routes, policy rules, sysctls, and pools of addresses, ports
and marks from which both rules and packets draw, so that rules are likely to be hit."""
import ipaddress

from family import FAMILIES


class World:
    """What exists: see the attributes."""

    def __init__(self, r, family=4):
        self.r, self.family = r, FAMILIES[family]
        self.interfaces, self.routes, self.ip_rules = [], [], []
        self.sysctls, self.late_sysctls, self.stack = {}, {}, "silent"
        self.local = {}             # interface -> own addresses
        self.hosts = {}             # interface -> neighbours' addresses
        self.networks = {}          # interface -> its networks as text
        self.broadcasts = []
        self.wan = None             # interface of the default route
        self.far = []               # (address, interface) reached through a gateway
        self.nowhere = self.family.nowhere          # where special routes may point
        self.dports = r.sample([22, 53, 80, 443, 5060, 8080, 21, 123], 4)
        self.marks = [0, 1, 2, 0x10, 0xff, 0x100]
        self.mtus = {}
        self.groups = {}            # interface -> its group
        self.counts = self.copies = False           # whether a rule has connlimit, and TEE
        self.anycasts = []          # the first address of each network of IPv6

    @property
    def names(self):
        return [i["name"] for i in self.interfaces if i["name"] != "lo"]

    def own(self):
        return [a for addresses in self.local.values() for a in addresses]

    def neighbours(self):
        return [(a, n) for n, addresses in self.hosts.items() for a in addresses]

    def any_address(self):
        r = self.r
        family = self.family
        pools = [self.own() + [family.loopback], [a for a, _ in self.neighbours()], [a for a, _ in self.far] or family.far, family.far + self.nowhere,
                 family.multicast + self.broadcasts + family.odd]
        return r.choice(r.choices(pools, [3, 4, 3, 1, 1])[0])

    def scenario(self):
        s = {"interfaces": self.interfaces}
        for key, value in (("routes", self.routes), ("ip_rules", self.ip_rules), ("sysctls", self.sysctls),
                           ("late_sysctls", self.late_sysctls)):
            if value:
                s[key] = value
        if self.stack != "silent":
            s["stack"] = self.stack
        return s


def build(r, family=4):
    """A random world of one family."""
    w = World(r, family)
    count = r.choices([1, 2, 3, 4], [2, 6, 3, 1])[0]
    if r.wants("forward", "nat") and count == 1:
        count = 2
    names = r.choice([["eth0", "eth1", "eth2", "eth3"], ["lan0", "wan0", "dmz0", "lan1"], ["eth0", "ppp0", "eth1", "tun1"],
                      ["br-lan", "eth0", "vlan100", "wlan0"]])[:count]
    for name, network in zip(names, r.sample(w.family.networks, count)):
        add_interface(w, name, ipaddress.ip_network(network))
    add_routes(w)
    if r.chance(0.2, "iprule", "routing", "mark"):
        add_rules(w)
    (set_sysctls if family == 4 else set_sysctls6)(w)
    if r.random() < 0.25 or r.wants("answers"):
        w.stack = "answers"
    if r.random() < 0.05:
        w.interfaces.append({"name": "lo", "addrs": [w.family.loopback_extra]})
        w.local["lo"] = [w.family.loopback_extra.split("/")[0]]
    return w


def add_interface(w, name, network):
    r = w.r
    hosts = w.family.hosts(network)
    own = [str(hosts[0] if r.random() < 0.7 else hosts[-1])]
    spare = [str(h) for h in hosts if str(h) not in own]
    if len(spare) > 4 and r.random() < 0.3:
        own.append(spare.pop(r.randrange(len(spare))))
    addresses = [f"{a}/{network.prefixlen}" for a in own]
    if r.random() < 0.05:
        own.append(w.family.carrier)
        addresses.append(f"{w.family.carrier}/{network.max_prefixlen}")
    if w.family.number == 6 and r.random() < 0.25:
        own.append(link_local := f"fe80::{len(w.interfaces) + 1}")
        addresses.append(f"{link_local}/64")
    w.interfaces.append({"name": name, "addrs": addresses})
    if r.chance(0.15, "devgroup"):
        w.groups[name] = w.interfaces[-1]["group"] = r.choice([1, 5, 5, 1000])
    w.local[name], w.hosts[name] = own, r.sample(spare, min(3, len(spare)))
    w.networks[name] = [str(network)]
    if w.family.number == 6:
        w.anycasts.append(str(network[0]))
    if w.family.number == 4 and network.prefixlen < 31:
        w.broadcasts.append(str(network.broadcast_address))


def add_routes(w):
    r, names, family = w.r, w.names, w.family
    if r.random() < 0.85:
        w.wan = r.choice(names)
        if w.hosts[w.wan] and r.random() < 0.8:
            w.routes.append(f"{w.family.default} via {w.hosts[w.wan][-1]}" + (f" dev {w.wan}" if r.random() < 0.5 else ""))
        else:
            w.routes.append(f"{w.family.default} dev {w.wan}")
        w.far = [(a, w.wan) for a in w.family.far[:3]]
    if r.random() < 0.35:
        name = r.choice(names)
        if w.hosts[name]:
            extra = r.choice(["", "", "", " metric 5", f" src {w.local[name][0]}"])
            if r.chance(0.1, "mtu"):
                w.mtus[family.routed] = mtu = r.choice([600, 1280, 1400] if family.number == 4 else [1300, 1280, 1400, 1000, 1279])
                extra += f" mtu {mtu}"
            w.routes.append(f"{family.routed} via {w.hosts[name][0]} dev {name}{extra}")
            w.far += [(family.far[3], name), (family.far[4], name)]
            if r.random() < 0.3:
                other = r.choice(names)
                w.routes.append(f"{family.inner} dev {other}")
                w.far[-1] = (family.far[4], other)
    for kind, net in family.special.items():
        if r.chance(0.12, "routing"):
            w.routes.append(f"{kind} {net}")
    if r.random() < 0.04:
        w.routes.append(f"local {family.local_network} dev lo")
        w.local.setdefault("lo", []).append(family.local_network_address)


def add_rules(w):
    r = w.r
    for i in range(r.randint(1, 3)):
        table = 100 + i
        name = r.choice(w.names)
        kind = r.weighted(route=6, blackhole=1, unreachable=1, prohibit=1, via=3)
        if kind == "route":
            w.routes.append(f"{w.family.default} dev {name} table {table}")
        elif kind == "via" and w.hosts[name]:
            w.routes.append(f"{w.family.default} via {w.hosts[name][0]} dev {name} table {table}")
        elif kind != "via":
            w.routes.append(f"{kind} {w.family.default} table {table}")
        else:
            w.routes.append(f"{w.family.default} dev {name} table {table}")
        which = r.weighted(fwmark=5, from_=3, to=2, iif=2, oif=1, tos=1, action=1, local=1)
        source = r.choice([a for a, _ in w.neighbours()] or w.own())
        if which == "fwmark":
            selector = f"fwmark {r.choice([1, 2, '0x10', '0x10/0xf0'])}"
        elif which == "from_":
            selector = f"from {r.choice([source, w.networks[name][0], w.own()[0]])}"
        elif which == "to":
            selector = f"to {r.choice([source, w.family.routed, w.family.far[0]])}"
        elif which == "iif":
            selector = f"iif {r.choice(w.names + ['lo'])}"
        elif which == "oif":
            selector = f"oif {r.choice(w.names)}"
        elif which == "tos":
            selector = "tos 0x10"
        elif which == "local":
            selector = f"from {source} iif {name} fwmark 1"
        else:
            selector = f"from {source}"
        if w.family.number == 6 and ":" not in selector:
            selector = "from ::/0 " + selector                    # else it would be a rule of IPv4
        action = r.choice(["blackhole", "unreachable", "prohibit"]) if which == "action" else f"lookup {table}"
        priority = f"priority {r.choice([100, 200, 300]) + i} " if r.random() < 0.6 else ""
        w.ip_rules.append(f"{priority}{'not ' if r.random() < 0.05 else ''}{selector} {action}")


def set_sysctls(w):
    r, s = w.r, w.sysctls
    if r.random() < 0.88:
        s["net.ipv4.ip_forward"] = "1"
    for which in ["all"] + w.names:
        if r.chance(0.12, "rp_filter", "routing"):
            s[f"net.ipv4.conf.{which}.rp_filter"] = r.choice(["0", "1", "1", "2"])
        if r.chance(0.06, "route_localnet", "routing"):
            s[f"net.ipv4.conf.{which}.route_localnet"] = "1"
        if r.random() < 0.03:
            s[f"net.ipv4.conf.{which}.accept_local"] = "1"
        if r.random() < 0.03:
            s[f"net.ipv4.conf.{which}.accept_source_route"] = r.choice(["0", "1"])
        if r.random() < 0.02:
            s[f"net.ipv4.conf.{which}.src_valid_mark"] = "1"
        if which != "all" and r.random() < 0.04:
            s[f"net.ipv4.conf.{which}.forwarding"] = r.choice(["0", "1"])
    set_some(w, CONNTRACK + (
            ("net.ipv4.ip_default_ttl", 0.08, ["32", "128", "255"]),
            ("net.ipv4.icmp_echo_ignore_all", 0.02, ["1"]),
            ("net.ipv4.icmp_echo_ignore_broadcasts", 0.02, ["0"]),
            ("net.ipv4.icmp_errors_use_inbound_ifaddr", 0.03, ["1"]),
            ("net.ipv4.icmp_ratelimit", 0.1, ["0"]),
            ("net.ipv4.fwmark_reflect", 0.03, ["1"]),
            ("net.ipv4.ip_no_pmtu_disc", 0.02, ["1"]),
            ("net.ipv4.ip_forward_use_pmtu", 0.02, ["1"])))


def set_sysctls6(w):
    r, s = w.r, w.sysctls
    if r.random() < 0.88:
        s["net.ipv6.conf.all.forwarding"] = "1"
    for which in ["all"] + w.names:
        if r.random() < 0.03:
            s[f"net.ipv6.conf.{which}.accept_source_route"] = r.choice(["-1", "0", "1"])
        if which != "all" and r.chance(0.05, "routing"):
            s[f"net.ipv6.conf.{which}.forwarding"] = r.choice(["0", "1"])
        if which != "all" and r.random() < 0.03:
            s[f"net.ipv6.conf.{which}.force_forwarding"] = "1"
        if which != "all" and r.random() < 0.04:
            s[f"net.ipv6.conf.{which}.hop_limit"] = r.choice(["32", "255"])
        if which != "all" and r.random() < 0.02:
            s[f"net.ipv6.conf.{which}.use_oif_addrs_only"] = "1"
        if which != "all" and r.random() < 0.02:
            s[f"net.ipv6.conf.{which}.drop_unicast_in_l2_multicast"] = "1"
    set_some(w, CONNTRACK + (
            ("net.netfilter.nf_conntrack_icmpv6_timeout", 0.03, ["15"]),
            ("net.ipv6.conf.all.hop_limit", 0.03, ["32"]),
            ("net.ipv6.icmp.ratelimit", 0.1, ["0", "0", "1000", "10000"]),
            ("net.ipv6.icmp.ratemask", 0.05, ["1", "0-255", "129", "3-4,129"]),
            ("net.ipv6.icmp.echo_ignore_anycast", 0.03, ["1"]),
            ("net.ipv6.max_hbh_length", 0.02, ["8", "16"]),
            ("net.ipv6.max_dst_opts_length", 0.02, ["8", "16"]),
            ("net.ipv6.icmp.echo_ignore_all", 0.03, ["1"]),
            ("net.ipv6.icmp.echo_ignore_multicast", 0.03, ["1"]),
            ("net.ipv6.icmp.error_anycast_as_unicast", 0.02, ["1"]),
            ("net.ipv6.anycast_src_echo_reply", 0.02, ["1"]),
            ("net.ipv6.bindv6only", 0.01, ["1"]),
            ("net.ipv6.max_dst_opts_number", 0.04, ["1", "0", "-1", "-2"]),
            ("net.ipv6.max_hbh_opts_number", 0.04, ["1", "0", "-1", "-2"]),
            ("net.ipv6.fwmark_reflect", 0.03, ["1"])))


CONNTRACK = (
            ("net.netfilter.nf_conntrack_tcp_loose", 0.12, ["0", "1", "0"]),
            ("net.netfilter.nf_conntrack_tcp_be_liberal", 0.08, ["1"]),
            ("net.netfilter.nf_conntrack_checksum", 0.08, ["0"]),
            ("net.netfilter.nf_conntrack_acct", 0.15, ["1"]),
            ("net.netfilter.nf_conntrack_tcp_max_retrans", 0.03, ["1", "2"]),
            ("net.netfilter.nf_conntrack_tcp_ignore_invalid_rst", 0.03, ["1"]),
            ("net.netfilter.nf_conntrack_udp_timeout", 0.05, ["60", "10"]),
            ("net.netfilter.nf_conntrack_udp_timeout_stream", 0.03, ["300"]),
            ("net.netfilter.nf_conntrack_tcp_timeout_established", 0.04, ["600"]),
            ("net.netfilter.nf_conntrack_tcp_timeout_syn_sent", 0.03, ["20"]),
            ("net.netfilter.nf_conntrack_icmp_timeout", 0.03, ["15"]),
            ("net.netfilter.nf_conntrack_generic_timeout", 0.03, ["90"]))


def set_some(w, settings):
    """Sometimes one of the values for each setting: (name, probability, values)."""
    r = w.r
    for name, probability, values in settings:
        if r.chance(probability, "sysctl"):
            (w.sysctls if r.random() < 0.85 else w.late_sysctls)[name] = r.choice(values)

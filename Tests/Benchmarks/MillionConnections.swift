// A million connections: what each packet costs on the way there, the longest pause, and the memory.

import Foundation
import NetfilterModel
import Simulator

/// Rules that let everything through, with connection tracking and, if asked, masquerading.
func openRules(masquerades: Bool) -> String {
  (masquerades ? "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n" : "")
    + "*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n"
}

/// The packet that begins a connection; different ones for different numbers below 2^24.
func opening(_ number: Int) -> Packet {
  udp(
    from: 0xc0a8_0000 | UInt32(number >> 14 & 0xff) << 8 | 2, UInt16(1024 + number & 0x3fff),
    to: 0xc633_0000 | UInt32(number & 0xffff), 53)
}

/// The time that this thread has had a processor, in nanoseconds: a pause that another process makes does not count.
func processorTime() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Fills a host with a million connections, and reports the nanoseconds of a packet, the longest one, and the bytes for each connection.
func measureMillionConnections() throws {
  let count = 1_000_000
  for (name, masquerades) in [("masqueraded", true), ("tracked", false)] {
    var host = try router(openRules(masquerades: masquerades))
    try host.setSysctl("net.netfilter.nf_conntrack_max", "0")
    try host.setSysctl("net.netfilter.nf_conntrack_udp_timeout", "86400")
    var observer = SilentObserver()
    let before = residentBytes()
    var samples = Samples()
    var longest: UInt64 = 0
    for part in 0..<20 {
      var time: UInt64 = 0
      for number in part * count / 20..<(part + 1) * count / 20 {
        let packet = opening(number)
        let start = processorTime()
        host.walk(packet, input: "eth1", observer: &observer)
        let taken = processorTime() - start
        time += taken
        longest = max(longest, taken)
      }
      samples.add(Double(time) * 20 / Double(count))
    }
    let bytes = (residentBytes() - before) / Double(host.connections.count)
    precondition(host.connections.count == count)
    samples.report("1000000 connections \(name), new packet", "ns")
    report("1000000 connections \(name), longest pause", Double(longest) / 1e6, "ms")
    // The second host gets the memory that the first one gave back.
    if masquerades { report("1000000 connections \(name), memory of each", bytes, "bytes") }
    var again = Samples()
    for run in 0..<9 {
      let time = nanoseconds {
        for number in 0..<50_000 {
          host.walk(opening((number &* 7919 + run) % count), input: "eth1", observer: &observer)
        }
      }
      again.add(time / 50_000)
    }
    again.report("1000000 connections \(name), known packet", "ns")
    // The copy shares everything; its first change is what costs.
    var copies = Samples()
    for number in 0..<9 {
      var copy = host
      copies.add(nanoseconds { copy.walk(opening(count + number), input: "eth1", observer: &observer) } / 1e6)
    }
    copies.report("1000000 connections \(name), first packet of a copy", "ms")
  }
}

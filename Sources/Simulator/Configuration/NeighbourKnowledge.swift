// What the description of a host says about its neighbours.

import NetfilterModel

/// What is said about a neighbour: whether anybody is there.
enum NeighbourKnowledge: Hashable, Sendable {
  /// Nobody has the address.
  case absent
  /// The host knows its Ethernet address from the start, and never asks (`ip neigh add ... nud permanent`).
  case permanent([UInt8])
}

/// A line about a neighbour, in the words of ip-neighbour(8).
struct NeighbourWords: Hashable, Sendable {
  var neighbour: Neighbour
  var knowledge: NeighbourKnowledge

  /// Reads `ADDRESS dev INTERFACE none` or `ADDRESS dev INTERFACE lladdr MAC [nud permanent]`.
  ///
  /// - Throws: `HostError` when a word is missing, unknown or wrong.
  init(_ text: String) throws(HostError) {
    let form = "write `neighbour 2001:db8::5 dev lan none`, or `lladdr 02:00:00:00:00:05` in place of `none`"
    var words = RouteWords(text)
    guard let first = words.next() else { throw HostError("the neighbour's address is missing", help: form) }
    guard let address = IPAddress(first) else { throw HostError("`\(first)` is not an address", help: form) }
    guard address.family == .ipv6, !address.isMulticast, !address.isZero else {
      throw HostError(
        "`\(first)` is not the IPv6 address of a neighbour",
        help: "ARP does not walk through tables and always finds its neighbour here")
    }
    guard words.next() == "dev" else { throw HostError("the interface is missing", help: form) }
    neighbour = Neighbour(address: address, device: try words.interface(of: "dev"))
    switch words.next() {
    case "none": knowledge = .absent
    case "lladdr":
      let value = try words.value(of: "lladdr")
      let parts = value.split(separator: ":", omittingEmptySubsequences: false)
      let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
      guard parts.count == 6, bytes.count == 6 else {
        throw HostError("`\(value)` is not an Ethernet address", help: "write it as 02:00:00:00:00:05")
      }
      knowledge = .permanent(bytes)
      if let word = words.next() {
        guard word == "nud", try words.value(of: word) == "permanent" else {
          throw HostError("`\(word)` of a neighbour is not simulated", help: "only `nud permanent` is")
        }
      }
    case let word?: throw HostError("`\(word)` is neither `none` nor `lladdr`", help: form)
    case nil: throw HostError("what is known of the neighbour is missing", help: form)
    }
    if let word = words.next() { throw HostError("`\(word)` is not expected here", help: form) }
  }
}

// The extension headers of an IPv6 packet, a word or two each.

import NetfilterModel

/// An extension header as summaries name it.
struct IPv6ExtensionWord: Hashable, Sendable {
  /// `hbh`, `dst`, `rt`, `frag` or `ah`.
  var name: String
  /// What it says: type and segments left, offset, SPI; empty for options.
  var value: String

  /// Whether it is a fragment header.
  var isFragment: Bool { name == "frag" }

  /// `frag 0+`.
  var text: String { value.isEmpty ? name : "\(name) \(value)" }

  /// How many headers are named; a packet has seldom more than two.
  static let most = 16

  /// Those of a packet in their order, up to the transport header or what is cut off; `…` stands for those beyond the first 16.
  static func all(of bytes: [UInt8]) -> [IPv6ExtensionWord] {
    var words: [IPv6ExtensionWord] = []
    var place = IPv6HeaderPlace.first(in: bytes)
    while let word = IPv6ExtensionWord(place, bytes) {
      if words.count == most {
        words.append(IPv6ExtensionWord(name: "…", value: ""))
        break
      }
      words.append(word)
      // Behind the header of a later fragment stands something from the middle of the packet.
      if place.protocolNumber == .ipv6Fragment,
        IPv6FragmentHeader.fragmentation(in: bytes, at: place.offset).offset != 0
      {
        break
      }
      place.advance(bytes)
    }
    return words
  }

  private init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// The header at a place; nil where there is none, or it is cut off.
  private init?(_ place: IPv6HeaderPlace, _ bytes: [UInt8]) {
    let start = place.offset
    func has(_ length: Int) -> Bool { bytes.count - start >= length }
    switch place.protocolNumber {
    case .ipv6HopByHop where has(IPv6OptionsHeader.minimumLength): self.init(name: "hbh", value: "")
    case .ipv6DestinationOptions where has(IPv6OptionsHeader.minimumLength): self.init(name: "dst", value: "")
    case .ipv6Routing where has(IPv6RoutingHeader.minimumLength):
      let type = IPv6RoutingHeader.type(in: bytes, at: start)
      self.init(name: "rt", value: "\(type),\(IPv6RoutingHeader.segmentsLeft(in: bytes, at: start))")
    case .ipv6Fragment where has(IPv6FragmentHeader.length):
      let fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: start)
      self.init(name: "frag", value: "\(Int(fragmentation.offset) * 8)\(fragmentation.moreFragments ? "+" : "")")
    case .ah where has(AHHeader.minimumLength):
      let index = AHHeader.securityParameters(in: bytes, at: start)
      self.init(name: "ah", value: "0x" + String(index, radix: 16))
    default: return nil
    }
  }
}

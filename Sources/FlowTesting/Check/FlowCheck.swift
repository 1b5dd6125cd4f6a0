// Compares what a packet did with what a test expects.

import NetfilterModel
import Simulator

/// Something that is not as expected.
struct FlowMismatch: Hashable, Sendable {
  var expected: String
  var got: String
  /// The detail; nil for the verdict.
  var detail: FlowDetail?
}

/// Compares walks with expectations.
struct FlowCheck {
  let index: RuleIndex

  /// Said where the answer may lie in steps that were not kept.
  private static let isCut = "a walk too long to be kept whole, so that nobody can say"

  /// Everything that is not as expected; the details only when the verdict is.
  func mismatches(_ passage: FlowPassage, _ expectation: FlowExpectation) -> [FlowMismatch] {
    guard FlowCheck.fits(passage.end, first: passage.firstEnd, expectation.verdict) else {
      return [FlowMismatch(expected: expectation.verdictText, got: FlowPassage.verdict(passage.end))]
    }
    return expectation.details.compactMap { written in
      mismatch(passage, written).map { FlowMismatch(expected: written.text, got: $0, detail: written.detail) }
    }
  }

  /// Whether a packet ended as expected; `first` is how it ended when it left.
  static func fits(_ end: Disposition, first: Disposition, _ verdict: FlowVerdict) -> Bool {
    switch (verdict, end) {
    case (.deliver, .delivered), (.drop, .dropped), (.drop, .discarded), (.queue, .queued), (.held, .held),
      (.unknown, .unknown):
      return true
    case (.forward(let name), .forwarded(let output)): return name == nil || name == output
    case (.reject(let wanted), .rejected(let place, let kind)): return wanted?.fits(kind, place.family) ?? true
    case (.send(let name), _):
      guard case .sent(let output) = first else { return false }
      if case .unknown = end { return false }
      return name == nil || name == output
    default: return false
    }
  }

  /// What is there instead, or nil when it is as expected.
  private func mismatch(_ passage: FlowPassage, _ written: WrittenDetail) -> String? {
    switch written.detail {
    case .ends(let source, let destination):
      guard let packet = passage.packet, let header = IPHeader(packet.bytes) else { return "no packet" }
      let ports = TransportPorts.ends(in: packet.bytes, header)
      let fits =
        header.source == source.address && header.destination == destination.address
        && (source.port == nil || source.port == ports?.source)
        && (destination.port == nil || destination.port == ports?.destination)
      return fits ? nil : "as \(PacketSummary.ends(packet))"
    case .at(let place):
      if place.table == nil || passage.decider?.table != place.table {
        if passage.deciders.contains(where: { fits($0, place) }) { return nil }
      } else if let decider = passage.decider, fits(decider, place) {
        return nil
      }
      guard let decider = passage.decider ?? passage.deciders.last else { return "no rule decides" }
      return "at \(decider.shortText)"
    case .via(let places):
      var rest = passage.hits[...]
      for place in places {
        guard let found = rest.firstIndex(where: { fits($0, place) }) else {
          if passage.isCut { return FlowCheck.isCut }
          let isEarlier = passage.hits.contains { fits($0, place) }
          return isEarlier ? "\(place.text) in another order" : "not via \(place.text)"
        }
        // The same hit may stand for a chain and for a rule of it.
        rest = rest[found...]
      }
      return nil
    case .notVia(let places):
      for hit in passage.hits where places.contains(where: { fits(hit, $0) }) {
        return "via \(hit.shortText)"
      }
      return passage.isCut ? FlowCheck.isCut : nil
    case .state(let name):
      guard let state = passage.state else { return "no state, as connection tracking is off" }
      return state.name == name ? nil : "state \(state.name)"
    case .mark(let value, let mask):
      let mark = passage.packet?.mark ?? 0
      return mark & mask == value & mask ? nil : "mark 0x" + String(mark, radix: 16)
    case .because(let cause):
      switch passage.end {
      case .discarded(let actual) where actual == cause: return nil
      case .discarded(let actual): return "because \(actual.rawValue)"
      default:
        return "because of " + (passage.decider?.shortText ?? "something else")
      }
    }
  }

  /// Whether a hit is at a place.
  func fits(_ hit: RulePlace, _ place: FlowPlace) -> Bool {
    switch place {
    case .chain(let table, let chain): return hit.table == table && hit.chain == chain
    case .rule(let table, let chain, let number):
      return hit.table == table && hit.chain == chain && hit.number == number
    case .policy(let table, let chain):
      return hit.table == table && hit.chain == chain && index.rule(hit) == nil
    case .comment(let text): return index.rule(hit)?.hasComment(text) ?? false
    case .line(let line): return index.rule(hit)?.location?.line == line
    }
  }
}

extension FlowExpectation {
  /// Everything in a walk that is not as expected, in words.
  public func differences(from walk: Walk, on host: LinuxHost) -> [(expected: String, got: String)] {
    FlowCheck(index: RuleIndex(host)).mismatches(FlowPassage(walk), self).map { mismatch in
      (mismatch.expected, mismatch.detail == nil ? "\(walk.lastEnd)" : mismatch.got)
    }
  }
}

extension Rule {
  /// Whether one of its remarks is `text`.
  func hasComment(_ text: String) -> Bool {
    matches.contains { $0.remark == text }
  }
}

extension FlowPlace {
  /// The table, where the place names one.
  var table: TableKind? {
    switch self {
    case .chain(let table, _), .rule(let table, _, _), .policy(let table, _): table
    case .comment, .line: nil
    }
  }

  /// The place as it is written.
  var text: String {
    switch self {
    case .chain(let table, let chain): "\(table.name)/\(chain)"
    case .rule(let table, let chain, let number): "\(table.name)/\(chain)#\(number)"
    case .policy(let table, let chain): "\(table.name)/\(chain) policy"
    case .comment(let text): "comment \"\(text)\""
    case .line(let line): "line \(line)"
    }
  }
}

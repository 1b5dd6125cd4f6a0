// Where a packet goes on that comes to the end of a chain, as the hits of its walk tell.

import NetfilterModel

/// The jumps from which a packet has to return in the table that it walks. A goto leaves none (kernel: `ipt_do_table`).
struct CallStack {
  /// Where a packet goes on behind a RETURN or the end of a user chain.
  enum Return: Hashable {
    /// Behind the rule that jumped.
    case behind(RulePlace)
    /// To the policy of the built-in chain, as no jump is left to return from.
    case policy
  }

  private var callers: [RulePlace] = []

  /// A table begins.
  mutating func enterTable() { callers.removeAll(keepingCapacity: true) }

  /// Takes a hit; says where the packet goes on when it returns from here, nil when it does not.
  mutating func take(_ place: RulePlace, _ rule: Rule?) -> Return? {
    switch rule?.action {
    case .jump:
      callers.append(place)
      return nil
    case nil where place.kind == .return, .verdict(.return):
      return callers.popLast().map { .behind($0) } ?? .policy
    default: return nil
    }
  }
}

extension CallStack.Return {
  /// `end of chain, goes on behind filter/FORWARD#1`.
  func text(at place: RulePlace, hook: Hook) -> String {
    switch self {
    case .behind(let caller): "end of chain, goes on behind \(caller.shortText)"
    case .policy: "end of chain, goes on to \(place.table.name)/\(hook.chainName) policy"
    }
  }
}

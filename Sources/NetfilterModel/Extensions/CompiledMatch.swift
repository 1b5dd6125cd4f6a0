// A match made ready for the walk: one indirect call for each match of each rule, no copy of its options and no
// reference counting, whatever the options hold.

/// A match as the walk calls it; `Match.compiled()` makes one, of a class for each extension.
open class CompiledMatch {
  /// Whether the packet fulfils the condition; `unknown` here, as for an extension that nothing knows.
  open func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult { .unknown }

  /// Makes a match that cannot be decided.
  public init() {}
}

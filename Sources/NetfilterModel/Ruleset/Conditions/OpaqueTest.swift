// Conditions that no comparison with a constant can say: those that keep a state, read the payload or ask a table.

/// What became of a condition.
public enum ConditionResult: UInt8, Hashable, Sendable {
  /// It does not hold.
  case fails = 0
  /// It holds.
  case holds = 1
  /// Nothing here can decide it.
  case unknown = 2
  /// It does not hold, and the packet is dropped at once (kernel: `par->hotdrop`).
  case drops = 3

  /// Makes a result of a truth.
  @inlinable public init(_ truth: Bool) { self = truth ? .holds : .fails }
}

/// A condition as a function, with what it looks at and a sentence that says what it saw.
///
/// A value of a class of its own, so that the walk can call it without counting references.
public final class OpaqueTest: Sendable {
  /// Decides; may change what the host remembers for this rule and in stores.
  public let evaluate: @Sendable (borrowing PacketContext, inout MatchState, inout HostMemory) -> ConditionResult
  /// The state that a rule with it starts with; makes the stores that it needs.
  public let initialState: @Sendable (inout HostMemory) -> MatchState
  /// What the packet and the memory have there, as a half sentence (`the limit is used up`).
  public let saw: @Sendable (borrowing PacketContext, MatchState, borrowing HostMemory) -> String
  /// The fields of the packet that it reads.
  public let reads: [Field]
  /// Whether asking it changes anything, so that it can be asked out of turn on a copy of the memory only.
  public let keepsState: Bool
  /// Whether its answer may be unknown.
  public let mayBeUnknown: Bool
  /// What kind of question it is.
  public let nature: OpaqueNature
  /// What it asks of the host's connections; the host puts the answer into the second word of the state before it
  /// calls `evaluate`.
  public let question: ConnectionQuestion?

  /// Makes a test of a function.
  public init(
    reads: [Field] = [.other], keepsState: Bool, mayBeUnknown: Bool = false, nature: OpaqueNature = .other,
    question: ConnectionQuestion? = nil,
    initialState: @escaping @Sendable (inout HostMemory) -> MatchState = { _ in MatchState() },
    saw: @escaping @Sendable (borrowing PacketContext, MatchState, borrowing HostMemory) -> String,
    evaluate: @escaping @Sendable (borrowing PacketContext, inout MatchState, inout HostMemory) -> ConditionResult
  ) {
    self.evaluate = evaluate
    self.initialState = initialState
    self.saw = saw
    self.reads = reads
    self.keepsState = keepsState
    self.mayBeUnknown = mayBeUnknown
    self.nature = nature
    self.question = question
  }
}

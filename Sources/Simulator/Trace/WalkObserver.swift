// Who watches a walk. There is one evaluator; what it reports is up to the observer's type, decided when compiled.

import NetfilterModel

/// Watches a walk. The walk is generic over it, so an observer that wants nothing costs nothing.
public protocol WalkObserver {
  /// Whether events are recorded at all.
  static var wantsEvents: Bool { get }
  /// Whether rules that did not match are recorded with every condition that failed.
  static var wantsMisses: Bool { get }
  /// Takes an event; called only when `wantsEvents`.
  mutating func record(_ event: WalkEvent, of packet: PacketIdentity)
}

/// Watches nothing.
public struct SilentObserver: WalkObserver {
  /// False.
  public static var wantsEvents: Bool { false }
  /// False.
  public static var wantsMisses: Bool { false }
  /// Makes the observer.
  public init() {}
  /// Does nothing.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {}
}

/// Keeps every event but misses, as far as `StepRecord` does.
public struct RecordingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// False.
  public static var wantsMisses: Bool { false }
  /// What was kept.
  public private(set) var kept = StepRecord()
  /// The steps in order.
  public var steps: [WalkStep] { kept.steps }
  /// Makes the observer.
  public init() {}
  /// Keeps the step.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {
    kept.take(WalkStep(packet: packet, event: event))
  }
}

/// Keeps every event, also the rules that did not match, as far as `StepRecord` does.
public struct ExplainingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// True.
  public static var wantsMisses: Bool { true }
  /// What was kept.
  public private(set) var kept = StepRecord()
  /// The steps in order.
  public var steps: [WalkStep] { kept.steps }
  /// Makes the observer.
  public init() {}
  /// Keeps the step.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {
    kept.take(WalkStep(packet: packet, event: event))
  }
}

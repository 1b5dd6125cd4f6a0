// Who watches a walk. There is one evaluator; what it reports is up to the observer's type, decided when compiled.

import NetfilterModel

/// Watches a walk. The walk is generic over it, so an observer that wants nothing costs nothing.
public protocol WalkObserver {
  /// Whether events are recorded at all.
  static var wantsEvents: Bool { get }
  /// Whether rules that did not match are recorded with their first failed condition.
  static var wantsMisses: Bool { get }
  /// Takes an event; called only when `wantsEvents`.
  mutating func record(_ event: WalkEvent)
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
  public mutating func record(_ event: WalkEvent) {}
}

/// Keeps every event but misses.
public struct RecordingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// False.
  public static var wantsMisses: Bool { false }
  /// The events in order.
  public private(set) var events: [WalkEvent] = []
  /// Makes the observer.
  public init() {}
  /// Keeps the event.
  public mutating func record(_ event: WalkEvent) { events.append(event) }
}

/// Keeps every event, also the rules that did not match.
public struct ExplainingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// True.
  public static var wantsMisses: Bool { true }
  /// The events in order.
  public private(set) var events: [WalkEvent] = []
  /// Makes the observer.
  public init() {}
  /// Keeps the event.
  public mutating func record(_ event: WalkEvent) { events.append(event) }
}

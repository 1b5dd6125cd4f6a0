// A property of an extension that an option stores.

/// A property of `Owner` as two functions, so that no key path exists at run time (Embedded Swift has none).
public struct OptionField<Owner, Value>: Sendable {
  /// Reads the property.
  public let get: @Sendable (borrowing Owner) -> Value
  /// Writes the property.
  public let set: @Sendable (inout Owner, Value) -> Void

  /// Makes a field of a function that reads it and one that writes it.
  @inline(__always)
  public init(
    _ get: @escaping @Sendable (borrowing Owner) -> Value, _ set: @escaping @Sendable (inout Owner, Value) -> Void
  ) {
    self.get = get
    self.set = set
  }
}

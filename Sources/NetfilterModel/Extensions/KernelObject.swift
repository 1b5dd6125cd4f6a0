// What loading a rule makes in the kernel for other rules to name.

/// Something that loading a target makes in the kernel, and that later rules share by its name.
public struct KernelObject: Hashable, Sendable {
  /// The kind and the name (`rateest x`).
  public var name: String
  /// What rules that share it must agree in.
  public var parameters: String

  /// Makes an object.
  public init(_ name: String, parameters: String = "") {
    self.name = name
    self.parameters = parameters
  }
}

// Names under which the kernel shows a match's table below /proc/net.

/// The rule for names of recent lists and hashlimit tables (kernel: `xt_check_proc_name`).
public enum ProcName {
  /// Why the kernel refuses the name, or nil when it takes it.
  public static func refusal(_ name: String) -> OptionError? {
    if name.isEmpty { return OptionError("the kernel refuses an empty name") }
    if name == "." || name == ".." || name.utf8.contains(UInt8(ascii: "/")) {
      return OptionError("the kernel refuses the name `\(name)`: it must be fit for a file below /proc/net")
    }
    return nil
  }

  /// The text cut to at most `maximum` bytes, as iptables copies it into the kernel's structure.
  public static func cut(_ text: String, to maximum: Int) -> String {
    text.utf8.count <= maximum ? text : String(decoding: text.utf8.prefix(maximum), as: UTF8.self)
  }
}

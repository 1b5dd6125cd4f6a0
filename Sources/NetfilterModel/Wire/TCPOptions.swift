// The options of a TCP header (RFC 9293 §3.1).

/// Reading TCP options.
public enum TCPOptions {
  /// Whether an option of `kind` stands between two offsets, walking the options by their lengths (kernel: `tcp_find_option`).
  public static func contains(_ kind: UInt8, in bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    var index = start
    while index < end {
      let current = bytes.byte(at: index)
      if current == kind { return true }
      if current < 2 { index += 1 } else { index += max(1, Int(bytes.byte(at: index + 1))) }
    }
    return false
  }
}

// The kernel's coarse clock, in which recent and hashlimit count time.

/// Jiffies: the ticks of the kernel's timer (`HZ`).
public enum KernelClock {
  /// Ticks a second (kernel: `CONFIG_HZ`; 250 in the kernels of the common distributions).
  public static let hertz: UInt64 = 250
  /// Nanoseconds in a tick.
  public static let nanosecondsPerJiffy: UInt64 = 1_000_000_000 / hertz

  /// The number of whole ticks in `nanoseconds` of simulated time.
  public static func jiffies(at nanoseconds: UInt64) -> UInt64 { nanoseconds / nanosecondsPerJiffy }

  /// The ticks that `milliseconds` take, rounded up; negative as a 32-bit number means for ever (kernel: `msecs_to_jiffies`).
  public static func jiffies(milliseconds: UInt32) -> UInt64 {
    if milliseconds > UInt32(Int32.max) { return UInt64(Int64.max >> 1) - 1 }
    return (UInt64(milliseconds) * hertz + 999) / 1000
  }
}
